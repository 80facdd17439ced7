import { setImmediate } from 'node:timers/promises';

/** How long other work of this process waits at most for a step after the first, milliseconds. */
const SLICE_MS = 12;

/**
 * Runs steps one after the other, and lets everything else happen in between.
 * @param told which part is done, as the steps tell it
 * @param stop aborted: it ends before the next step, and throws
 */
export async function runInSlices(
  steps: Iterable<number>,
  told: (part: number) => void,
  stop?: AbortSignal,
): Promise<void> {
  let since = performance.now();
  for (const part of steps) {
    if (performance.now() - since < SLICE_MS) continue;
    told(part);
    await setImmediate();
    stop?.throwIfAborted();
    since = performance.now();
  }
}
