import type { CommandParams } from '../../shared/client-api/contract.ts';
import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Trusts the changed certificate with exactly this fingerprint from the next connection on (G1). */
export function acceptCertificate(
  core: Core,
  { fingerprint }: CommandParams<'session.acceptCertificate'>,
): Outcome<Done> {
  core.connector.acceptCertificate(fingerprint);
  return succeeded({});
}
