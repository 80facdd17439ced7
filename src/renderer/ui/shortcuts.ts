import type { Strings } from '../../shared/text/en.ts';
import { onMac } from './keys.ts';

export interface Shortcut {
  /** The browser's name for the key; letters are lower case. */
  readonly key: string;
  /** Ctrl, on a Mac Cmd. */
  readonly command?: boolean;
  readonly shift?: boolean;
  readonly alt?: boolean;
}

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether a key press is a shortcut: its key with exactly its modifiers. */
export function isPressed(shortcut: Shortcut, { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): boolean {
  // On many keyboards, a sign such as the slash needs Shift.
  const isSign = /^[^\p{L}]$/u.test(shortcut.key);
  return (
    key.toLowerCase() === shortcut.key.toLowerCase() &&
    (ctrlKey || metaKey) === (shortcut.command ?? false) &&
    altKey === (shortcut.alt ?? false) &&
    (isSign || shiftKey === (shortcut.shift ?? false))
  );
}

const SIGNS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓' };

/** A shortcut with the key names of this computer's keyboard. */
export function writeShortcut(shortcut: Shortcut, { names }: Strings['keys']): string {
  const { key, command = false, shift = false, alt = false } = shortcut;
  const known: Readonly<Record<string, string>> = names;
  const last = SIGNS[key] ?? known[key] ?? key.toUpperCase();
  if (onMac()) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${command ? '⌘' : ''}${last}`;
  return [...(command ? [names.Control] : []), ...(alt ? [names.Alt] : []), ...(shift ? [names.Shift] : []), last].join(
    ' ',
  );
}

/** A shortcut in the notation of `aria-keyshortcuts`. */
export function ariaShortcut({ key, command = false, shift = false, alt = false }: Shortcut): string {
  const keys = [...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), key.length === 1 ? key.toUpperCase() : key];
  return (command ? ['Control', 'Meta'] : [undefined])
    .map((modifier) => [...(modifier === undefined ? [] : [modifier]), ...keys].join('+'))
    .join(' ');
}
