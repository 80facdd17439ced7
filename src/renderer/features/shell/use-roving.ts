import { type KeyboardEvent, useCallback } from 'react';

/**
 * Makes a list one stop of the Tab key: arrows, Home and End move between its entries, which have `data-entry`.
 * Tab focuses the entry with `tabIndex` 0.
 */
export function useRoving(): (event: KeyboardEvent<HTMLElement>) => void {
  return useCallback((event) => {
    const entries = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('[data-entry]'));
    const place = entries.findIndex((entry) => entry === document.activeElement);
    const to =
      event.key === 'ArrowDown'
        ? place + 1
        : event.key === 'ArrowUp'
          ? place - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? entries.length - 1
              : undefined;
    if (to === undefined || place < 0) return;
    event.preventDefault();
    entries[Math.min(Math.max(to, 0), entries.length - 1)]?.focus();
  }, []);
}
