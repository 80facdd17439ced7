import { type RefObject, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { useActions } from './app-context.tsx';

/** The open modal dialogs, the topmost last: everything outside of that one is inert. */
const open: HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The dialog that lies over everything else; undefined without any. */
export function useTopDialog(): HTMLDialogElement | undefined {
  return useSyncExternalStore(subscribe, () => open.at(-1));
}

interface Modal {
  readonly ref: RefObject<HTMLDialogElement | null>;
  onCancel(event: { preventDefault(): void }): void;
  onClose(): void;
  onPointerDown(event: { readonly target: EventTarget }): void;
  onPointerUp(event: { readonly target: EventTarget }): void;
  onClick(event: { readonly target: EventTarget }): void;
}

/** Nothing has the focus. */
export function hasNoFocus(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * Makes a `<dialog>` modal for as long as it is there. The browser keeps the focus inside; what had it gets it back; what is marked `data-focus` has it first. Escape closes, and a press that both begins and ends beside it.
 * @returns what the element needs
 */
export function useModal(close: () => void): Modal {
  const ref = useRef<HTMLDialogElement>(null);
  const pressedBeside = useRef(false);
  const { overlay } = useActions();
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    element.querySelector<HTMLElement>('[data-focus]')?.focus();
    open.push(element);
    overlay.dialogOpened();
    changed();
    return () => {
      open.splice(open.indexOf(element), 1);
      overlay.dialogClosed();
      changed();
      // Not before the element is gone: the caret would go with it, out of the field that has the focus by then.
      queueMicrotask(() => {
        if (hasNoFocus() && before instanceof HTMLElement) before.focus();
      });
    };
  }, [overlay]);
  // Only the dark ground around it is the dialog element itself; its contents fill it.
  return {
    ref,
    onCancel: (event) => {
      event.preventDefault();
      close();
    },
    // A browser does not let itself be kept from closing for ever.
    onClose: close,
    onPointerDown: ({ target }) => {
      pressedBeside.current = target === ref.current;
    },
    onPointerUp: ({ target }) => {
      pressedBeside.current &&= target === ref.current;
    },
    onClick: ({ target }) => {
      if (target === ref.current && pressedBeside.current) close();
    },
  };
}
