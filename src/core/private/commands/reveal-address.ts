import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';
import { withRule } from '../identity/address-rule.ts';

/** Whether addresses of this computer may be told, to everybody or to one person (F2). */
export function revealAddress(
  core: Core,
  { reveal, username }: CommandParams<'private.revealAddress'>,
): Outcome<CommandResult<'private.revealAddress'>> {
  const addressRule = withRule(core.view().addressRule, reveal, username);
  try {
    core.ports.peers.addressRules.write(addressRule);
  } catch {
    return failed('storage-here');
  }
  core.emit('addressRule.replaced', { addressRule });
  return succeeded({ addressRule });
}
