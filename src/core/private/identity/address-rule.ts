import type { AddressRule } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';

/**
 * Changes the general rule, or the exception for one user. Exceptions stay when the general rule changes, so that a user
 * that must not learn an address never learns one by it.
 * @param reveal undefined: removes the exception
 */
export function withRule(rule: AddressRule, reveal: boolean | undefined, username?: string): AddressRule {
  if (username === undefined) return reveal === undefined ? rule : { ...rule, reveal };
  const { [foldUsername(username)]: _before, ...others } = rule.people;
  return { ...rule, people: reveal === undefined ? others : { ...others, [foldUsername(username)]: reveal } };
}
