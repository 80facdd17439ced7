import type { Strings } from '../../shared/text/en.ts';
import { hasShortcut, type ShortcutAction } from './action-record.ts';
import { COMPOSER_ACTIONS } from './composer-actions.ts';
import { MESSAGE_ACTIONS, THREAD_ACTIONS } from './message-actions.ts';
import { ACCOUNT_ACTIONS, SHORTCUT_ACTIONS, WINDOW_ACTIONS } from './window-actions.ts';

/** Actions of the window with a shortcut. */
export const WINDOW_SHORTCUTS = [...SHORTCUT_ACTIONS, ...WINDOW_ACTIONS, ...ACCOUNT_ACTIONS].filter(hasShortcut);

/** Actions of the focused message with a shortcut. */
export const MESSAGE_SHORTCUTS = MESSAGE_ACTIONS.filter(hasShortcut);

interface ShortcutGroup {
  title(strings: Strings): string;
  readonly actions: readonly Pick<ShortcutAction<never>, 'id' | 'label' | 'shortcut' | 'shortcutLabel'>[];
}

/** The groups of the keyboard page after the shortcuts of the window: all shortcuts that are about a place in the window. */
export const PLACE_SHORTCUTS: readonly ShortcutGroup[] = [
  { title: ({ keys }) => keys.inMessages, actions: [...THREAD_ACTIONS, ...MESSAGE_SHORTCUTS] },
  { title: ({ keys }) => keys.inWriting, actions: COMPOSER_ACTIONS },
];
