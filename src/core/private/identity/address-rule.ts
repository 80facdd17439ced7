import type { AddressRule } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';

/** Whether this person may learn an address of this computer: what was said of them, else what was said of everybody. */
export function mayReveal({ reveal, people }: AddressRule, username: string): boolean {
  return people[foldUsername(username)] ?? reveal;
}

/**
 * The rule after somebody said it anew, of everybody or of one person. What was said of a person stays when everybody is
 * spoken of: nobody who was to be told nothing is told something by that.
 * @param reveal undefined: what holds for everybody holds for this person as well
 */
export function withRule(rule: AddressRule, reveal: boolean | undefined, username?: string): AddressRule {
  if (username === undefined) return reveal === undefined ? rule : { ...rule, reveal };
  const { [foldUsername(username)]: _before, ...others } = rule.people;
  return { ...rule, people: reveal === undefined ? others : { ...others, [foldUsername(username)]: reveal } };
}
