import type { ShortcutAction } from './action-record.ts';

interface Composer {
  send(): void;
}

export const sendMessage: ShortcutAction<Composer> = {
  id: 'send-message',
  icon: 'send',
  label: ({ composer }) => composer.send,
  shortcut: { key: 'Enter' },
  run: (_context, composer) => composer.send(),
};

export const newLine: ShortcutAction<Composer> = {
  id: 'new-line',
  label: ({ keys }) => keys.does.line,
  shortcut: { key: 'Enter', shift: true },
  // The text field inserts the line itself.
  run: () => undefined,
};

/** Actions in a text that the user writes. */
export const COMPOSER_ACTIONS = [sendMessage, newLine];
