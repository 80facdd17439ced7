import { z } from 'zod';

const licences = z.array(z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }));
export type Licence = z.infer<typeof licences>[number];

/** Written by the build (`scripts/licences.mjs`) beside the bundle, and so unknown to who bundles. */
const FILE = './licences.js';

/** Everything that Aside brings, with the licences. Rejects where the build has no such list. */
export async function readLicences(): Promise<readonly Licence[]> {
  const { default: list } = (await import(/* @vite-ignore */ FILE)) as { readonly default: unknown };
  return licences.parse(list);
}
