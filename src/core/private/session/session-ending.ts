import type { IntroductionFault, PrivateEnding, PrivateEndingReason } from '../../../shared/client-api/private-view.ts';

const LOUD: ReadonlySet<PrivateEndingReason> = new Set(['identity-changed', 'introduction', 'impostor']);

export function privateEnding(
  reason: PrivateEndingReason,
  by: PrivateEnding['by'],
  fault?: IntroductionFault,
): PrivateEnding {
  return { reason, by, loud: LOUD.has(reason), ...(fault === undefined ? {} : { fault }) };
}
