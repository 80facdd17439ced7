import type { Strings } from '../../shared/text/en.ts';
import { onMac } from './keys.ts';

interface Stroke {
  /** As the browser names it; letters are small. */
  readonly key: string;
  /** Ctrl, on a Mac Cmd. */
  readonly command?: boolean;
  readonly shift?: boolean;
  readonly alt?: boolean;
}

/** Every key of the window that does something of its own: what reacts to them and what tells of them reads this (G6). */
export const SHORTCUTS = {
  palette: { key: 'k', command: true },
  find: { key: 'f', command: true },
  findEverywhere: { key: 'f', command: true, shift: true },
  settings: { key: ',', command: true },
  keys: { key: '/', command: true },
  next: { key: 'ArrowDown', alt: true },
  previous: { key: 'ArrowUp', alt: true },
  quit: { key: 'q', command: true },
  earlier: { key: 'ArrowUp' },
  later: { key: 'ArrowDown' },
  first: { key: 'Home' },
  last: { key: 'End' },
  copy: { key: 'c' },
  delete: { key: 'Delete' },
  send: { key: 'Enter' },
  line: { key: 'Enter', shift: true },
} as const satisfies Readonly<Record<keyof Strings['keys']['does'], Stroke>>;

export type ShortcutName = keyof typeof SHORTCUTS;

/** Those that work wherever one is in the window. */
export const EVERYWHERE = ['palette', 'find', 'findEverywhere', 'settings', 'keys', 'next', 'previous'] as const;
/** On the desktop, on every screen; in a browser this key is the browser's. */
export const ON_DESKTOP = ['quit'] as const;
/** Those that are about the message that has the focus, or lead to one. */
export const IN_MESSAGES = ['earlier', 'later', 'first', 'last', 'copy', 'delete'] as const;
export const IN_WRITING = ['send', 'line'] as const;

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether these are the keys of a shortcut. */
export function isShortcut(name: ShortcutName, { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): boolean {
  const stroke: Stroke = SHORTCUTS[name];
  // On many keyboards a sign is written with Shift.
  const sign = /^[^\p{L}]$/u.test(stroke.key);
  return (
    key.toLowerCase() === stroke.key.toLowerCase() &&
    (ctrlKey || metaKey) === (stroke.command ?? false) &&
    altKey === (stroke.alt ?? false) &&
    (sign || shiftKey === (stroke.shift ?? false))
  );
}

const SIGNS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓' };

/** The keys of a shortcut as they are written on this computer's keyboard. */
export function writeShortcut(name: ShortcutName, { names }: Strings['keys']): string {
  const { key, command = false, shift = false, alt = false }: Stroke = SHORTCUTS[name];
  const known: Readonly<Record<string, string>> = names;
  const last = SIGNS[key] ?? known[key] ?? key.toUpperCase();
  if (onMac()) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${command ? '⌘' : ''}${last}`;
  return [...(command ? [names.Control] : []), ...(alt ? [names.Alt] : []), ...(shift ? [names.Shift] : []), last].join(
    ' ',
  );
}
