import { z } from 'zod';

const licences = z.array(z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }));
export type Licence = z.infer<typeof licences>[number];

/** The build (`scripts/licences.mjs`) writes this file next to the bundle, so the bundler doesn't know it. */
const FILE = './licences.js';

/** All third-party packages with their licences. Rejects if the build has no list. */
export async function readLicences(): Promise<readonly Licence[]> {
  const { default: list } = (await import(/* @vite-ignore */ FILE)) as { readonly default: unknown };
  return licences.parse(list);
}
