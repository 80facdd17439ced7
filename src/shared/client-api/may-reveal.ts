import { foldUsername } from './fold-username.ts';
import type { AddressRule } from './private-view.ts';

/** Whether a user may learn an address of this computer: the exception for the user, else the general rule. */
export function mayReveal({ reveal, people }: AddressRule, username: string): boolean {
  return people[foldUsername(username)] ?? reveal;
}
