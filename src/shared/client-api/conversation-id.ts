import { foldUsername } from './fold-username.ts';

/** Conversation id of broadcasts. A conversation with a user starts with another character, so no username collides. */
export const EVERYONE = '#everyone';

/** Conversation id of the messages with one user. */
export function conversationWith(username: string): string {
  return `@${foldUsername(username)}`;
}
