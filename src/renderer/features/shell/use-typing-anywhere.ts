import { useEffect } from 'react';

/** Elements that take letters themselves, or that stand over the conversation. */
const TAKES_KEYS = 'input, textarea, select, [contenteditable], [role=menu], [role=listbox], dialog';

/**
 * Gives typed characters to the composer when the focus is on the messages or nowhere: a click never takes the caret away
 * for good (G13). A key that another handler has used is left alone.
 */
export function useTypingAnywhere(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !typesText(event)) return;
      const { target } = event;
      if (!(target instanceof Element) || target.closest(TAKES_KEYS) !== null) return;
      if (target !== document.body && target.closest('main') === null) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const fields = [...document.querySelectorAll<HTMLTextAreaElement>('main textarea[data-home]')];
      // The browser inserts the character into the element that has the focus after this event.
      fields.find((field) => field.checkVisibility())?.focus({ preventScroll: true });
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [active]);
}

function typesText(event: KeyboardEvent): boolean {
  const { key, code, ctrlKey, metaKey, altKey } = event;
  // On Windows, AltGr reports Ctrl and Alt.
  if (event.getModifierState('AltGraph')) return [...key].length === 1;
  if (ctrlKey || metaKey) return !altKey && key.toLowerCase() === 'v';
  // Space presses the focused button and scrolls the messages.
  return [...key].length === 1 && code !== 'Space' && key !== ' ';
}
