import { foldUsername } from '../../shared/client-api/fold-username.ts';

/** The conversation of broadcasts. No person's: theirs start with another sign. */
export const EVERYONE = '#everyone';

/** The conversation with one person. */
export function conversationWith(username: string): string {
  return `@${foldUsername(username)}`;
}
