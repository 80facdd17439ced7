import { describe, expect, it } from 'vitest';
import { MissedPrivateEvents } from '../../../../server/src/domain/missed-private-events.ts';

describe('MissedPrivateEvents (F6)', () => {
  it('are returned once, in order, to their recipient', () => {
    const missed = new MissedPrivateEvents();
    missed.keep(1, 'a', true);
    missed.keep(2, 'x', false);
    missed.keep(1, 'b', false);
    expect(missed.take(1)).toEqual(['a', 'b']);
    expect(missed.take(1)).toEqual([]);
    expect(missed.take(2)).toEqual(['x']);
  });

  it('are limited, and drop repeatable ones first', () => {
    const missed = new MissedPrivateEvents();
    for (let n = 0; n < 1_000; n++) missed.keep(1, `spare ${n}`, true);
    for (let n = 0; n < 1_000; n++) missed.keep(1, `needed ${n}`, false);
    const lines = missed.take(1);
    expect(lines).toHaveLength(128);
    expect(lines.filter((line) => line.startsWith('needed'))).toHaveLength(112);
  });
});
