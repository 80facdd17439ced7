/** @returns a function that schedules `work` for the next tick, once for all calls before it */
export function oncePerTick(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setImmediate(() => {
      waiting = false;
      work();
    });
  };
}
