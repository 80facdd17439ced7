import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import { type ActionContext, isPossible } from '../../actions/action-record.ts';
import type { ActionState } from '../../actions/action-state.ts';
import { openConversation, openUser, searchMessages } from '../../actions/user-actions.ts';
import { commandItems, itemOf } from './commands.ts';
import type { Item } from './item.ts';
import type { Subjects } from './use-subjects.ts';

export interface FoundPerson {
  readonly username: string;
  readonly online: boolean;
}

const PEOPLE_SHOWN = 20;

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Conversations, users and possible actions whose text has every typed word, and a search for the typed text. */
export function itemsFor(
  search: string,
  found: readonly FoundPerson[],
  subjects: Subjects,
  state: ActionState,
  context: ActionContext,
): readonly Item[] {
  // The at sign before a username is not a part of it.
  const words = fold(search)
    .trim()
    .replaceAll(/(?<!\S)@(?=\S)/gu, '')
    .split(/\s+/u);
  const matches = ({ text }: Item) => words.every((word) => fold(text).includes(word));
  const text = search.trim();
  return [
    ...conversationItems(subjects, context).filter(matches),
    ...userItems(found, subjects, context).filter(matches).slice(0, PEOPLE_SHOWN),
    ...commandItems(subjects, state, context, matches),
    ...(isPossible(searchMessages, state, text) ? [itemOf(searchMessages, text, context)] : []),
  ];
}

function conversationItems({ conversations }: Subjects, context: ActionContext): readonly Item[] {
  return conversations.map((conversation) => ({
    ...itemOf(openConversation, conversation, context),
    key: conversation.id,
    group: 'conversations',
    username: conversation.username,
  }));
}

/** Users who are online or were found at the server, without those in a listed conversation. */
function userItems(
  found: readonly FoundPerson[],
  { conversations, people }: Subjects,
  context: ActionContext,
): readonly Item[] {
  const known = new Set(conversations.map(({ id }) => id));
  const all = new Map(people.map(({ username }) => [username, true]));
  for (const { username, online } of found) all.set(username, online);
  return [...all]
    .filter(([username]) => !known.has(conversationWith(username)))
    .map(([username, online]) => ({
      ...itemOf(openUser, username, context),
      group: 'people',
      username,
      online,
    }));
}
