import { useLayoutEffect, useRef } from 'react';

interface KeptFocus {
  onFocus(): void;
  onBlur(): void;
}

/**
 * Whatever had the focus and is an element no more (a message far from what is in sight now, or deleted; the way to the end
 * for somebody who is there) leaves it to `heir`, or the keyboard would begin again at the top of the window (G6).
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
    // Not told of what React itself removes.
    onBlur: () => {
      within.current = false;
    },
  };
}

/** Where somebody goes on whose place is gone: in the field where they write, else in the list of conversations. */
export function placeToGoOn(): HTMLElement | null {
  return (
    document.querySelector<HTMLElement>('main textarea') ?? document.querySelector<HTMLElement>('nav [data-entry]')
  );
}
