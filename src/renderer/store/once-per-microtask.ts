/** @returns a function that schedules `work` as a microtask, once for all calls before it */
export function oncePerMicrotask(work: () => void): () => void {
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
