/** @returns runs the work once, however often it is called before the current tick ends */
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
