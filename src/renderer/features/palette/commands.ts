import { quietOf } from '../../../shared/client-api/quiet.ts';
import type { Actions } from '../../store/actions.ts';
import type { Strings } from '../../../shared/text/en.ts';
import type { IconName } from '../../ui/icons.tsx';
import { writeServer } from '../start/server-address.ts';
import type { Item } from './item.ts';
import type { World } from './use-world.ts';

/** People by whose name one can talk aside from here, at most: the others are found by more letters. */
const ASIDE_SHOWN = 5;

type Fits = (item: Item) => boolean;

/** The commands that fit: first what is about the person in sight, then everything else. */
export function commandItems(world: World, actions: Actions, strings: Strings, fits: Fits): readonly Item[] {
  return [
    ...partnerCommands(world, actions, strings).filter(fits),
    ...windowCommands(actions, strings).filter(fits),
    ...quietCommands(world, actions, strings).filter(fits),
    ...themeCommands(actions, strings).filter(fits),
    ...accountCommands(world, actions, strings).filter(fits),
    ...asideCommands(world, actions, strings).filter(fits).slice(0, ASIDE_SHOWN),
  ];
}

function command(text: string, icon: IconName, run: () => void): Item {
  return { key: `command ${text}`, group: 'commands', text, icon, run };
}

/** One that leaves nothing open behind it. */
function closing(actions: Actions, text: string, icon: IconName, run: () => void): Item {
  return command(text, icon, () => {
    actions.overlay.close();
    run();
  });
}

function partnerCommands(world: World, actions: Actions, strings: Strings): readonly Item[] {
  const { partner, blacklist } = world;
  if (partner === undefined) return [];
  const unblock = async () => {
    if (await actions.client.attempt('blacklist.remove', { username: partner })) {
      actions.toasts.show(strings.details.unblocked(partner));
    }
  };
  return [
    ...asideCommandsWith(partner, world, actions, strings),
    blacklist.includes(partner)
      ? closing(actions, strings.details.unblock(partner), 'block', () => void unblock())
      : command(strings.details.block(partner), 'block', () =>
          actions.overlay.show({ kind: 'block', username: partner }),
        ),
  ];
}

/** Talking aside with people by their names (F1), beside the one in sight. */
function asideCommands(world: World, actions: Actions, strings: Strings): readonly Item[] {
  const { partner, people, aside } = world;
  const names = new Set([...aside.keys(), ...people.map(({ username }) => username)]);
  if (partner !== undefined) names.delete(partner);
  return [...names].flatMap((username) => asideCommandsWith(username, world, actions, strings));
}

/** What can be done of talking aside with somebody, as far as it has come. */
function asideCommandsWith(
  username: string,
  { aside }: World,
  actions: Actions,
  { palette }: Strings,
): readonly Item[] {
  const answer = async (accept: boolean) => {
    if ((await actions.client.attempt('private.answer', { username, accept })) && accept)
      actions.navigation.openUser(username);
  };
  const state = aside.get(username);
  switch (state) {
    case undefined:
    case 'ended':
      return [
        command(palette.talkAside(username), 'lock', () => actions.overlay.show({ kind: 'ask-aside', username })),
      ];
    case 'asked':
      return [
        closing(actions, palette.acceptAside(username), 'lock', () => void answer(true)),
        closing(actions, palette.declineAside(username), 'close', () => void answer(false)),
      ];
    case 'asking': {
      const takeBack = () => void actions.client.attempt('private.cancel', { username });
      return [closing(actions, palette.takeBackAside(username), 'close', takeBack)];
    }
    case 'connecting':
    case 'open': {
      const end = () => void actions.privateSessions.end(username);
      return [closing(actions, palette.endAside(username), 'lock-open', end)];
    }
  }
}

function windowCommands(actions: Actions, { palette }: Strings): readonly Item[] {
  return [
    command(palette.lookBack, 'clock', () => actions.overlay.show({ kind: 'look-back' })),
    command(palette.settings, 'settings', () => actions.overlay.show({ kind: 'settings', page: 'appearance' })),
    command(palette.notifications, 'bell', () => actions.overlay.show({ kind: 'settings', page: 'notifications' })),
    command(palette.aside, 'lock', () => actions.overlay.show({ kind: 'settings', page: 'aside' })),
    command(palette.keys, 'settings', () => actions.overlay.show({ kind: 'settings', page: 'keyboard' })),
    command(palette.blocked, 'block', () => actions.overlay.show({ kind: 'settings', page: 'blocked' })),
    command(palette.history, 'copy', () => actions.overlay.show({ kind: 'settings', page: 'history' })),
  ];
}

function quietCommands({ preferences }: World, actions: Actions, { palette }: Strings): readonly Item[] {
  return quietOf(preferences, Date.now()) !== undefined
    ? [closing(actions, palette.disturb, 'bell', () => actions.preferences.setQuiet(undefined))]
    : [closing(actions, palette.quietHour, 'quiet', () => actions.preferences.setQuiet('hour'))];
}

function themeCommands(actions: Actions, { palette }: Strings): readonly Item[] {
  return (['light', 'dark', 'system'] as const).map((theme) =>
    closing(actions, palette[theme], 'eye', () => actions.preferences.change({ theme })),
  );
}

function accountCommands(
  { otherAccounts, lockable, desktop }: World,
  actions: Actions,
  { palette, accounts, lock, quit }: Strings,
): readonly Item[] {
  return [
    command(palette.account, 'person', () => actions.overlay.show({ kind: 'settings', page: 'account' })),
    ...otherAccounts.map((account) =>
      command(accounts.goOnAs(account.username, writeServer(account.server)), 'person', () =>
        actions.overlay.show({ kind: 'switch-account', account }),
      ),
    ),
    command(accounts.another, 'person', () => actions.overlay.show({ kind: 'switch-account' })),
    command(palette.about, 'person', () => actions.overlay.show({ kind: 'settings', page: 'about' })),
    ...(lockable ? [closing(actions, lock.lockNow, 'lock', () => void actions.host.lock())] : []),
    command(palette.signOut, 'close', () => actions.overlay.show({ kind: 'sign-out' })),
    ...(desktop ? [closing(actions, quit, 'close', () => void actions.host.quit())] : []),
  ];
}
