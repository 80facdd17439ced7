import { setImmediate } from 'node:timers/promises';

/** Longest time without a pause for other work of this process, milliseconds. */
const SLICE_MS = 12;

/**
 * Runs the steps of a long operation and yields to other work between them.
 * @param onProgress gets the finished part that the last step yielded, 0 to 1
 * @param stop if aborted, the operation throws before its next step
 */
export async function runInSlices(
  steps: Iterable<number>,
  onProgress: (part: number) => void,
  stop?: AbortSignal,
): Promise<void> {
  let since = performance.now();
  for (const part of steps) {
    if (performance.now() - since < SLICE_MS) continue;
    onProgress(part);
    await setImmediate();
    stop?.throwIfAborted();
    since = performance.now();
  }
}
