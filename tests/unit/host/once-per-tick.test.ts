import { expect, it } from 'vitest';
import { oncePerTick } from '../../../src/host/windows/once-per-tick.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('oncePerTick runs the work once in a tick, and again in the next one', async () => {
  let done = 0;
  const soon = oncePerTick(() => done++);
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

it('oncePerTick runs work that schedules itself again in a later tick', async () => {
  let done = 0;
  const soon = oncePerTick(() => {
    if (++done < 3) soon();
  });
  soon();
  for (let n = 0; n < 4; n++) await turn();
  expect(done).toBe(3);
});
