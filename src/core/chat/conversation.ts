/** The conversation of broadcasts. No person's: theirs start with another sign. */
export const EVERYONE = '#everyone';

/** A username as it is compared here. The server alone decides who is who; this is for finding a conversation again. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

/** The conversation with one person. */
export function conversationWith(username: string): string {
  return `@${foldUsername(username)}`;
}
