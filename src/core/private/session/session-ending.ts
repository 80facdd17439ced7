import type { IntroductionFault, PrivateEnding, PrivateEndingReason } from '../../../shared/client-api/private-view.ts';
import { INTRODUCTION_FAULTS } from '../signaling/introduction.ts';

/** Why a private session, or a request for one, is over; with the sentence for people. `%` stands for the other's name. */
export const PRIVATE_ENDS = {
  declined: '% declined to talk aside.',
  cancelled: 'The request to talk aside was withdrawn.',
  expired: 'The request to talk aside got no answer in time.',
  ended: 'The private session with % has ended.',
  'peer-left': '% has left; the private session is over.',
  'signed-out': 'You signed out, so the private session with % is over.',
  blocked: 'The private session with % is over because one of you blocked the other.',
  lost: 'The connection to % was lost and could not be made again.',
  'no-path': 'No connection to % could be made, neither directly nor through the server.',
  'identity-changed':
    '% uses another device identity than before. Compare the safety number and accept it, then ask again.',
  introduction: 'The introduction of % could not be trusted.',
  impostor:
    'WARNING: somebody other than % answered on the way to them. Nothing was sent. Somebody may be in between: try another network.',
  protocol: 'The program of % sent something that this program does not understand.',
  'too-fast': 'The program of % sent far too much, so the private session was ended.',
  crossed: 'You both asked at the same time; your other request goes on.',
  refused: 'The request to talk aside was refused.',
  failed: 'The private session could not be prepared on this computer.',
} as const satisfies Record<PrivateEndingReason, string>;

const LOUD: ReadonlySet<PrivateEndingReason> = new Set(['identity-changed', 'introduction', 'impostor']);

/** @param username of the other side */
export function privateEnding(
  username: string,
  reason: PrivateEndingReason,
  by: PrivateEnding['by'],
  fault?: IntroductionFault,
): PrivateEnding {
  const sentence = PRIVATE_ENDS[reason].replaceAll('%', () => username);
  return {
    reason,
    by,
    loud: LOUD.has(reason),
    ...(fault === undefined ? { text: sentence } : { fault, text: `${sentence} ${INTRODUCTION_FAULTS[fault]}` }),
  };
}
