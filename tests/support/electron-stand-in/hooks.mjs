/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (specifier !== 'electron') return await next(specifier, context);
  return { url: new URL('./electron.mjs', import.meta.url).href, shortCircuit: true };
}
