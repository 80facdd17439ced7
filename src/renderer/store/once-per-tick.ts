/** @returns what does it once, however often it is asked to before this turn ends */
export function oncePerTick(work: () => void): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      work();
    });
  };
}
