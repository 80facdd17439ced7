import { useLayoutEffect, useRef } from 'react';

interface KeptFocus {
  onFocus(): void;
  onBlur(): void;
}

/**
 * Moves the focus to `heir` when its element is removed: a message far outside the viewport, a deleted message, the button
 * to the end. Otherwise the keyboard would start again at the top of the window (G6).
 * @returns what the element around both needs
 */
export function useKeptFocus(heir: () => HTMLElement | null): KeptFocus {
  const within = useRef(false);
  useLayoutEffect(() => {
    if (!within.current || document.activeElement !== document.body) return;
    within.current = false;
    heir()?.focus({ preventScroll: true });
  });
  return {
    onFocus: () => {
      within.current = true;
    },
    // React raises no blur event for elements that it removes.
    onBlur: () => {
      within.current = false;
    },
  };
}

/** Target of a lost focus: the composer, else the list of conversations. */
export function placeToGoOn(): HTMLElement | null {
  return (
    document.querySelector<HTMLElement>('main textarea') ?? document.querySelector<HTMLElement>('nav [data-entry]')
  );
}
