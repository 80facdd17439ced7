import { useEffect } from 'react';
import { hasNoFocus } from '../../ui/top-layer.ts';

/** Targets of a lost focus, best first: the first field of a dialog, the composer, the entry of the list. */
function home(): HTMLElement | undefined {
  const dialog = [...document.querySelectorAll<HTMLDialogElement>('dialog[open]')].at(-1);
  if (dialog !== undefined)
    return dialog.querySelector<HTMLElement>('[data-focus]') ?? dialog.querySelector('button') ?? dialog;
  const places = [
    ...document.querySelectorAll<HTMLElement>('main [data-home]'),
    ...document.querySelectorAll<HTMLElement>('nav [data-entry][tabindex="0"]'),
  ];
  return places.find((place) => place.checkVisibility());
}

/**
 * Moves the focus when its element is removed (a closed search, a left conversation, an outdated bar). Otherwise the
 * keyboard would start again at the top of the window (G6).
 */
export function useHomeForFocus(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let last: Element | undefined;
    const arrived = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : undefined;
    };
    // A click on an empty place drops the focus on purpose; leaving the window doesn't.
    const left = () =>
      queueMicrotask(() => {
        if (hasNoFocus() && last?.isConnected === true && document.hasFocus()) last = undefined;
      });
    const pressed = () => {
      if (hasNoFocus()) last = undefined;
    };
    const observer = new MutationObserver(() => {
      if (last === undefined || last.isConnected || !hasNoFocus()) return;
      // A closing dialog restores the focus itself. A list that was hidden renders its entries later.
      queueMicrotask(() => {
        if (hasNoFocus()) home()?.focus({ preventScroll: true });
      });
    });
    document.addEventListener('focusin', arrived);
    document.addEventListener('focusout', left);
    document.addEventListener('pointerdown', pressed);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', arrived);
      document.removeEventListener('focusout', left);
      document.removeEventListener('pointerdown', pressed);
      observer.disconnect();
    };
  }, [active]);
}
