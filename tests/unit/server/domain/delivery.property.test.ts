import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/shared/limits.ts';
import { type Step, World } from './delivery-world.ts';

/**
 * Any order of events that the world can produce: messages of two senders, a recipient that connects, confirms, stalls and
 * leaves, a disk that is slow or full, blocks, time. What must hold at the end of each (D1-D4): nothing answered as safe
 * is lost, nothing is handed out twice on one connection, the order of each sender is kept, every sender gets its answer.
 */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), from: fc.constantFrom(1, 2) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'connect' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'disconnect' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('confirm' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 6, arbitrary: fc.constant({ kind: 'store' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'store-fails' as const }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'read' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'read-fails' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'retry' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'stick' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'drain' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'settle' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'read-settlements' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, LIMITS.confirmMs) }),
  },
);

/** A recipient that stalls, leaves and comes back while what it had not confirmed is still on its way to the disk. */
const BACK_BEFORE_THE_DISK: Step[] = [
  { kind: 'connect' },
  { kind: 'send', from: 1 },
  { kind: 'wait', ms: LIMITS.confirmMs },
  { kind: 'disconnect' },
  { kind: 'connect' },
  { kind: 'read' },
  { kind: 'store' },
];

/** A mailbox that cannot be read just when the last message on its way to it has arrived. */
const READ_FAILS_WHILE_JOINING: Step[] = [
  { kind: 'send', from: 1 },
  { kind: 'connect' },
  { kind: 'read' },
  { kind: 'store' },
  { kind: 'read-fails' },
];

describe('Delivery under any order of events', () => {
  it('loses and repeats nothing, keeps the order of each sender, and answers every request (D1, D2, D3, D4)', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        const world = new World();
        for (const each of steps) world.run(each);
        world.settle();
        expect(world.problems).toEqual([]);
      }),
      { numRuns: 20_000, examples: [[BACK_BEFORE_THE_DISK], [READ_FAILS_WHILE_JOINING]] },
    );
  });

  it('keeps within the mailbox limit, and reports a full mailbox (D2)', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), (steps) => {
        const world = new World({ mailboxMessages: 3 });
        for (const each of steps) world.run(each);
        world.settle();
        expect(world.problems).toEqual([]);
        expect(world.mostStored).toBeLessThanOrEqual(3);
      }),
      { numRuns: 500 },
    );
  });
});
