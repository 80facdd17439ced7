import { setImmediate } from 'node:timers/promises';
import { STORAGE_LIMITS } from '../shared/limits.ts';

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
    if (performance.now() - since < STORAGE_LIMITS.sliceMs) continue;
    onProgress(part);
    await setImmediate();
    stop?.throwIfAborted();
    since = performance.now();
  }
}
