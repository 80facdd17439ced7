import { quietOf } from '../../shared/client-api/quiet.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { Overlay, SettingsPage } from '../store/overlay.ts';
import type { IconName } from '../ui/icons.tsx';
import type { ActionRecord, ShortcutAction } from './action-record.ts';

type Label = (strings: Strings) => string;

/** An action that opens a dialog. */
function opens(id: string, icon: IconName, label: Label, overlay: Overlay) {
  return { id, icon, label, run: ({ actions }) => actions.overlay.show(overlay) } satisfies ActionRecord;
}

function opensPage(id: string, icon: IconName, label: Label, page: SettingsPage) {
  return opens(id, icon, label, { kind: 'settings', page });
}

export const openPalette: ShortcutAction = {
  ...opens('open-palette', 'search', ({ palette }) => palette.label, { kind: 'palette' }),
  shortcut: { key: 'k', command: true },
};

export const searchConversation: ShortcutAction = {
  id: 'search-conversation',
  icon: 'search',
  label: ({ conversation }) => conversation.search,
  shortcut: { key: 'f', command: true },
  run: ({ actions }) => actions.search.reopen(false),
};

/** Actions of the window that the palette doesn't list: the palette is one of them, and finds conversations itself. */
export const SHORTCUT_ACTIONS: readonly ActionRecord[] = [
  openPalette,
  searchConversation,
  {
    id: 'search-everywhere',
    icon: 'search',
    label: ({ keys }) => keys.does.findEverywhere,
    shortcut: { key: 'f', command: true, shift: true },
    run: ({ actions }) => actions.search.reopen(true),
  },
  {
    id: 'next-conversation',
    label: ({ keys }) => keys.does.next,
    shortcut: { key: 'ArrowDown', alt: true },
    run: ({ actions }) => actions.navigation.chooseNeighbour(1),
  },
  {
    id: 'previous-conversation',
    label: ({ keys }) => keys.does.previous,
    shortcut: { key: 'ArrowUp', alt: true },
    run: ({ actions }) => actions.navigation.chooseNeighbour(-1),
  },
];

export const showPresenceHistory: ActionRecord = opens('presence-history', 'clock', ({ history }) => history.title, {
  kind: 'look-back',
});

export const goToDate: ActionRecord = {
  ...opens('go-to-date', 'clock', ({ conversation }) => conversation.goToDate, { kind: 'go-to-date' }),
  when: ({ isConversationOpen }) => isConversationOpen,
};

export const openSettings: ShortcutAction = {
  ...opensPage('settings', 'settings', ({ settings }) => settings.title, 'appearance'),
  shortcut: { key: ',', command: true },
};

/** The actions of the window that the palette lists, in this order. */
export const WINDOW_ACTIONS: readonly ActionRecord[] = [
  showPresenceHistory,
  goToDate,
  openSettings,
  opensPage('notification-settings', 'bell', ({ palette }) => palette.notifications, 'notifications'),
  opensPage('private-settings', 'lock', ({ palette }) => palette.aside, 'aside'),
  {
    ...opensPage('keyboard-shortcuts', 'settings', ({ palette }) => palette.keys, 'keyboard'),
    shortcut: { key: '/', command: true },
  },
  opensPage('blocked-users', 'block', ({ palette }) => palette.blocked, 'blocked'),
  opensPage('history-settings', 'copy', ({ palette }) => palette.history, 'history'),
  {
    id: 'end-do-not-disturb',
    icon: 'bell',
    label: ({ palette }) => palette.disturb,
    when: ({ preferences }) => quietOf(preferences, Date.now()) !== undefined,
    run: ({ actions }) => actions.preferences.setQuiet(undefined),
  },
  {
    id: 'do-not-disturb',
    icon: 'quiet',
    label: ({ palette }) => palette.quietHour,
    when: ({ preferences }) => quietOf(preferences, Date.now()) === undefined,
    run: ({ actions }) => actions.preferences.setQuiet('hour'),
  },
  ...(['light', 'dark', 'system'] as const).map(
    (theme): ActionRecord => ({
      id: `${theme}-theme`,
      icon: 'eye',
      label: ({ palette }) => palette[theme],
      run: ({ actions }) => actions.preferences.change({ theme }),
    }),
  ),
  opensPage('account-settings', 'person', ({ palette }) => palette.account, 'account'),
];

export const addAccount: ActionRecord = opens('add-account', 'person', ({ accounts }) => accounts.another, {
  kind: 'switch-account',
});

export const signOut: ActionRecord = opens('sign-out', 'close', ({ settings }) => settings.signOut, {
  kind: 'sign-out',
});

export const quit: ShortcutAction = {
  id: 'quit',
  icon: 'close',
  label: (strings) => strings.quit,
  shortcut: { key: 'q', command: true },
  // Closing the window only hides the app (G5).
  onEveryScreen: true,
  // In a browser, this key belongs to the browser.
  when: ({ isDesktop }) => isDesktop,
  run: ({ actions }) => void actions.host.quit(),
};

/** The actions of the window that the palette lists after the other accounts. */
export const ACCOUNT_ACTIONS: readonly ActionRecord[] = [
  addAccount,
  opensPage('about', 'person', ({ palette }) => palette.about, 'about'),
  {
    id: 'lock',
    icon: 'lock',
    label: ({ lock }) => lock.lockNow,
    when: ({ isLockable }) => isLockable,
    run: ({ actions }) => void actions.host.lock(),
  },
  signOut,
  quit,
];
