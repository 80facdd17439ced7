import type { IntroductionFault } from '../signaling/introduction.ts';

/** Why a private session, or a request for one, is over. */
export const PRIVATE_ENDS = [
  'declined',
  'cancelled',
  'expired',
  'ended',
  'peer-left',
  'signed-out',
  'blocked',
  'lost',
  'no-path',
  'identity-changed',
  'introduction',
  'impostor',
  'protocol',
  'too-fast',
  'crossed',
  'refused',
  'failed',
] as const;
export type PrivateEnd = (typeof PRIVATE_ENDS)[number];

/** The end of a session. `fault`: of the introduction. `loud`: shown to the user as a warning. */
export interface PrivateEnding {
  readonly reason: PrivateEnd;
  readonly by: 'you' | 'peer' | 'server';
  readonly fault?: IntroductionFault;
  readonly loud: boolean;
}

const LOUD: ReadonlySet<PrivateEnd> = new Set(['identity-changed', 'introduction', 'impostor']);

export function privateEnding(reason: PrivateEnd, by: PrivateEnding['by'], fault?: IntroductionFault): PrivateEnding {
  return { reason, by, loud: LOUD.has(reason), ...(fault === undefined ? {} : { fault }) };
}
