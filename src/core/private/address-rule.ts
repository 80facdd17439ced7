import type { AddressRule } from '../../shared/client-api/private-view.ts';
import { foldUsername } from '../chat/conversation.ts';

/** Whether this person may learn an address of this computer: what was said of them, else what was said of everybody. */
export function mayReveal({ reveal, people }: AddressRule, username: string): boolean {
  return people[foldUsername(username)] ?? reveal;
}

/**
 * The rule after somebody said it anew, of everybody or of one person. What was said of a person stays when everybody is
 * spoken of: nobody who was to be told nothing is told something by that.
 */
export function withRule(rule: AddressRule, reveal: boolean, username?: string): AddressRule {
  if (username === undefined) return { ...rule, reveal };
  const { [foldUsername(username)]: _before, ...others } = rule.people;
  return { ...rule, people: { ...others, [foldUsername(username)]: reveal } };
}
