import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import { useStrings } from './app-context.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: 'narrow' | 'normal' | 'wide';
  /** For dialogs that have their own heading. They hang from above, so that a list that gets shorter leaves the rest in its place. */
  readonly bare?: boolean;
}

const WIDTHS = { narrow: 'max-w-[26rem]', normal: 'max-w-[34rem]', wide: 'max-w-[52rem]' } as const;

/**
 * A window over the window. The browser keeps the focus inside, gives it back afterwards, and closes it at Escape;
 * a click beside it closes it as well. What is marked `data-focus` has the focus first.
 */
export function Dialog({ title, onClose, children, width = 'normal', bare = false }: DialogProps) {
  const strings = useStrings();
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) {
      element.showModal();
      element.querySelector<HTMLElement>('[data-focus]')?.focus();
    }
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      {...(bare ? { 'aria-label': title } : { 'aria-labelledby': titleId })}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Only the dark ground around it is the dialog element itself; its contents fill it.
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      className={`${bare ? 'mx-auto mt-[12dvh]' : 'm-auto'} w-[calc(100vw-2rem)] overflow-hidden rounded-2xl border border-line bg-panel p-0 text-ink shadow-float backdrop:bg-black/45 ${WIDTHS[width]}`}
    >
      <div className="flex max-h-[calc(100dvh-4rem)] flex-col">
        {bare ? null : (
          <div className="flex items-center gap-3 px-5 pt-4 pb-2">
            <h2 id={titleId} className="min-w-0 text-base font-semibold">
              {title}
            </h2>
            <IconButton icon="close" label={strings.close} className="ms-auto -me-2" onClick={onClose} />
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 pt-2">{children}</div>;
}
