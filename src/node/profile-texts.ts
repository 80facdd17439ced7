import { join } from 'node:path';
import { keptText, type KeptText, type SealedText, sealedText } from './kept-text.ts';
import type { Seal } from './seal.ts';

/** The small texts that a profile keeps: this device's identity, those of other people (F8), and who may learn the address (F2). */
const NAMES = ['identity', 'identities', 'address-rules'] as const;
export type ProfileTexts = Readonly<Record<(typeof NAMES)[number], KeptText>>;

/** @param seal undefined: they are readable for their owner */
export function profileTexts(folder: string, seal: Seal | undefined): ProfileTexts {
  const kept = (name: (typeof NAMES)[number]): KeptText => keptText(join(folder, `${name}.json`), name, seal);
  return { identity: kept('identity'), identities: kept('identities'), 'address-rules': kept('address-rules') };
}

/** The same, to be sealed or made readable. */
export function sealedProfileTexts(folder: string, seal: Seal): readonly SealedText[] {
  return NAMES.map((name) => sealedText(join(folder, `${name}.json`), name, seal));
}
