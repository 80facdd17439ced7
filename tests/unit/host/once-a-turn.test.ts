import { expect, it } from 'vitest';
import { onceATurn } from '../../../src/host/windows/once-a-turn.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('does the work once for a turn, and again for the next', async () => {
  let done = 0;
  const soon = onceATurn(() => done++);
  for (let n = 0; n < 100; n++) soon();
  expect(done).toBe(0);
  await turn();
  expect(done).toBe(1);
  await turn();
  expect(done).toBe(1);
  soon();
  soon();
  await turn();
  expect(done).toBe(2);
});

it('does it again where it asks for that itself, in a later turn', async () => {
  let done = 0;
  const soon = onceATurn(() => {
    if (++done < 3) soon();
  });
  soon();
  for (let n = 0; n < 4; n++) await turn();
  expect(done).toBe(3);
});
