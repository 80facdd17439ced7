import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import type { Actions } from '../../store/actions.ts';
import type { Strings } from '../../../shared/text/en.ts';
import { commandItems } from './commands.ts';
import type { Item } from './item.ts';
import type { World } from './use-world.ts';

export interface FoundPerson {
  readonly username: string;
  readonly online: boolean;
}

const PEOPLE_SHOWN = 20;

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Conversations and people at hand, and the commands, that have every word of what was typed. Never none. */
export function itemsFor(
  search: string,
  found: readonly FoundPerson[],
  world: World,
  actions: Actions,
  strings: Strings,
): readonly Item[] {
  const words = fold(search).split(/\s+/u);
  const fits = ({ text }: Item) => words.every((word) => fold(text).includes(word));
  return [
    ...conversationItems(world, actions, strings).filter(fits),
    ...peopleItems(found, world, actions).filter(fits).slice(0, PEOPLE_SHOWN),
    ...commandItems(world, actions, strings, fits),
    ...searchItems(search.trim(), actions, strings),
  ];
}

function conversationItems({ conversations }: World, actions: Actions, strings: Strings): readonly Item[] {
  return conversations.map(({ id, username }) => ({
    key: id,
    group: 'conversations',
    text: username ?? strings.everyone,
    ...(username === undefined ? { icon: 'megaphone' } : { username }),
    run: () => actions.navigation.choose(id, username),
  }));
}

/** Those who are online or were found at the server, and with whom there is no conversation yet. */
function peopleItems(
  found: readonly FoundPerson[],
  { conversations, people }: World,
  actions: Actions,
): readonly Item[] {
  const known = new Set(conversations.map(({ id }) => id));
  const all = new Map(people.map(({ username }) => [username, true]));
  for (const { username, online } of found) all.set(username, online);
  return [...all]
    .filter(([username]) => !known.has(conversationWith(username)))
    .map(([username, online]) => ({
      key: `person ${username}`,
      group: 'people',
      text: username,
      username,
      online,
      run: () => actions.navigation.openUser(username),
    }));
}

/** What is no name and no command may have been said. */
function searchItems(text: string, actions: Actions, { palette }: Strings): readonly Item[] {
  if (text === '') return [];
  const run = () => actions.search.open(text, undefined);
  return [{ key: 'search', group: 'commands', text: palette.searchMessages(text), icon: 'search', run }];
}
