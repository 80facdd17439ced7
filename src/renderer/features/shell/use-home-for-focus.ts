import { useEffect } from 'react';
import { hasNoFocus } from '../../ui/top-layer.ts';

/** Where the keyboard goes on, the best first: a dialog's own first place, where one writes, the entrance of the list. */
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
 * Whatever had the focus and is on the page no more (a closed search, a left conversation, a bar that has nothing to say
 * any longer) leaves it to where one goes on, or the keyboard would begin again at the top of the window (G6).
 */
export function useHomeForFocus(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let last: Element | undefined;
    const arrived = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : undefined;
    };
    // Whoever leaves by pressing on an empty place has meant that; whoever leaves the window has not.
    const left = () =>
      queueMicrotask(() => {
        if (hasNoFocus() && last?.isConnected === true && document.hasFocus()) last = undefined;
      });
    const pressed = () => {
      if (hasNoFocus()) last = undefined;
    };
    const observer = new MutationObserver(() => {
      if (last === undefined || last.isConnected || !hasNoFocus()) return;
      // A dialog gives it back to what had it before. A list that was hidden until now has its entries a little later.
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
