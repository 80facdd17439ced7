import type { Preferences } from '../../../shared/client-api/host.ts';
import type { Actions } from '../../store/actions.ts';
import type { AppState } from '../../store/app-state.ts';
import { allConversations, conversationWith } from '../../store/conversations.ts';
import type { Strings } from '../../strings/en.ts';
import type { IconName } from '../../ui/icons.tsx';

/** One thing that can be chosen in the palette. */
export interface Item {
  readonly key: string;
  readonly group: 'conversations' | 'people' | 'commands';
  readonly text: string;
  /** Absent: an icon is shown instead of somebody's avatar. */
  readonly username?: string | undefined;
  readonly icon?: IconName;
  readonly online?: boolean;
  run(): void;
}

const HOUR_MS = 3_600_000;
const PEOPLE_SHOWN = 20;

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Conversations and people at hand, and the commands, that fit what was typed. */
export function itemsFor(
  search: string,
  found: readonly { username: string; online: boolean }[],
  state: AppState,
  actions: Actions,
  strings: Strings,
): readonly Item[] {
  const wanted = fold(search.trim());
  const fits = (text: string) => fold(text).includes(wanted);
  const conversations = allConversations(state.view, state.opened).map(
    ({ id, username }): Item => ({
      key: id,
      group: 'conversations',
      text: username ?? strings.everyone,
      ...(username === undefined ? { icon: 'megaphone' } : { username }),
      run: () => actions.choose(id, username),
    }),
  );
  const known = new Set(conversations.map(({ key }) => key));
  const people = new Map(state.view.people.map(({ username }) => [username, true]));
  for (const { username, online } of found) people.set(username, online);
  const others = [...people]
    .filter(([username]) => !known.has(conversationWith(username)))
    .map(
      ([username, online]): Item => ({
        key: `person ${username}`,
        group: 'people',
        text: username,
        username,
        online,
        run: () => actions.openPerson(username),
      }),
    );
  return [
    ...conversations.filter(({ text }) => fits(text)),
    ...others.filter(({ text }) => fits(text)).slice(0, PEOPLE_SHOWN),
    ...commands(state.facts.preferences, actions, strings).filter(({ text }) => fits(text)),
  ];
}

function commands({ quietUntil = 0 }: Preferences, actions: Actions, { palette }: Strings): readonly Item[] {
  const command = (text: string, icon: IconName, run: () => void): Item => ({
    key: `command ${text}`,
    group: 'commands',
    text,
    icon,
    run,
  });
  const closing = (run: () => void) => () => {
    actions.closeOverlay();
    run();
  };
  const quiet =
    quietUntil > Date.now()
      ? command(
          palette.disturb,
          'bell',
          closing(() => actions.setQuiet(undefined)),
        )
      : command(
          palette.quietHour,
          'quiet',
          closing(() => actions.setQuiet(Date.now() + HOUR_MS)),
        );
  return [
    command(palette.lookBack, 'clock', () => actions.show({ kind: 'look-back' })),
    command(palette.settings, 'settings', () => actions.show({ kind: 'settings', page: 'appearance' })),
    command(palette.blocked, 'block', () => actions.show({ kind: 'settings', page: 'blocked' })),
    quiet,
    command(
      palette.light,
      'eye',
      closing(() => actions.setPreferences({ theme: 'light' })),
    ),
    command(
      palette.dark,
      'eye',
      closing(() => actions.setPreferences({ theme: 'dark' })),
    ),
    command(
      palette.system,
      'eye',
      closing(() => actions.setPreferences({ theme: 'system' })),
    ),
    command(palette.account, 'person', () => actions.show({ kind: 'settings', page: 'account' })),
    command(palette.about, 'person', () => actions.show({ kind: 'settings', page: 'about' })),
    command(palette.signOut, 'close', () => actions.show({ kind: 'sign-out' })),
  ];
}
