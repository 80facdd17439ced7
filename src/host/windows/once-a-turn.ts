/** @returns has the work done soon, once for all that asks for it in the same turn */
export function onceATurn(work: () => void): () => void {
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
