import { quietOf } from '../../shared/client-api/quiet.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { Overlay, SettingsPage } from '../store/overlay.ts';
import type { IconName } from '../ui/icons.tsx';
import type { ActionRecord } from './action-record.ts';

type Label = (strings: Strings) => string;

/** An action that opens a dialog. */
function opens(id: string, icon: IconName, label: Label, overlay: Overlay): ActionRecord {
  return { id, icon, label, run: ({ actions }) => actions.overlay.show(overlay) };
}

function opensPage(id: string, icon: IconName, label: Label, page: SettingsPage): ActionRecord {
  return opens(id, icon, label, { kind: 'settings', page });
}

export const openPalette = {
  ...opens('open-palette', 'search', ({ palette }) => palette.label, { kind: 'palette' }),
  shortcut: { key: 'k', command: true },
} as const satisfies ActionRecord;

export const quit = {
  id: 'quit',
  icon: 'close',
  label: (strings) => strings.quit,
  // In a browser this key closes the browser.
  when: ({ isDesktop }) => isDesktop,
  shortcut: { key: 'q', command: true },
  run: ({ actions }) => void actions.host.quit(),
} as const satisfies ActionRecord;

/** Actions that only a shortcut runs: the palette is one of them, and finds conversations itself. */
export const SHORTCUT_ACTIONS: readonly ActionRecord[] = [
  openPalette,
  {
    id: 'search-conversation',
    icon: 'search',
    label: ({ keys }) => keys.does.find,
    shortcut: { key: 'f', command: true },
    run: ({ actions }) => actions.search.reopen(false),
  },
  {
    id: 'search-everywhere',
    icon: 'search',
    label: ({ keys }) => keys.does.findEverywhere,
    shortcut: { key: 'f', command: true, shift: true },
    run: ({ actions }) => actions.search.reopen(true),
  },
  {
    id: 'next-conversation',
    icon: 'down',
    label: ({ keys }) => keys.does.next,
    shortcut: { key: 'ArrowDown', alt: true },
    run: ({ actions }) => actions.navigation.chooseNeighbour(1),
  },
  {
    id: 'previous-conversation',
    icon: 'back',
    label: ({ keys }) => keys.does.previous,
    shortcut: { key: 'ArrowUp', alt: true },
    run: ({ actions }) => actions.navigation.chooseNeighbour(-1),
  },
];

/** The actions of the window that the palette lists, in this order. */
export const WINDOW_ACTIONS: readonly ActionRecord[] = [
  opens('presence-history', 'clock', ({ palette }) => palette.lookBack, { kind: 'look-back' }),
  {
    ...opensPage('settings', 'settings', ({ palette }) => palette.settings, 'appearance'),
    shortcut: { key: ',', command: true },
  },
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
  opens('add-account', 'person', ({ accounts }) => accounts.another, { kind: 'switch-account' }),
  opensPage('about', 'person', ({ palette }) => palette.about, 'about'),
  {
    id: 'lock',
    icon: 'lock',
    label: ({ lock }) => lock.lockNow,
    when: ({ lockable }) => lockable,
    run: ({ actions }) => void actions.host.lock(),
  },
  opens('sign-out', 'close', ({ palette }) => palette.signOut, { kind: 'sign-out' }),
  quit,
];
