import { type ReactNode, useId } from 'react';
import { useStrings } from './app-context.tsx';
import { IconButton } from './button.tsx';
import { LayerProvider } from './layer.tsx';
import { useModal } from './top-layer.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: 'narrow' | 'normal' | 'wide';
  /** For dialogs that have their own heading. They hang from above, so that a list that gets shorter leaves the rest in its place. */
  readonly bare?: boolean;
  /** The content fills the dialog and scrolls by itself; otherwise it scrolls together with the title. */
  readonly fitted?: boolean;
}

const WIDTHS = { narrow: 'max-w-[26rem]', normal: 'max-w-[34rem]', wide: 'max-w-[52rem]' } as const;

/** A window over the window. A click beside it closes it. */
export function Dialog({ title, onClose, children, width = 'normal', bare = false, fitted = bare }: DialogProps) {
  const strings = useStrings();
  const titleId = useId();
  const modal = useModal(onClose);
  return (
    <dialog
      {...modal}
      {...(bare ? { 'aria-label': title } : { 'aria-labelledby': titleId })}
      className={`${bare ? 'mx-auto mt-[12dvh]' : 'm-auto'} max-h-none w-[calc(100vw-2rem)] overflow-hidden rounded-2xl border border-line bg-panel p-0 text-ink shadow-float backdrop:bg-black/45 ${WIDTHS[width]}`}
    >
      <LayerProvider container={modal.ref}>
        <div
          className={`max-h-[calc(100dvh-min(4rem,14dvh))] ${fitted ? 'flex flex-col' : 'relative overflow-y-auto'}`}
        >
          {bare ? null : (
            <div className="flex shrink-0 items-center gap-3 px-5 pt-4 pb-2">
              <h2 id={titleId} className="min-w-0 text-base font-semibold [overflow-wrap:anywhere]">
                {title}
              </h2>
              <IconButton icon="close" label={strings.close} className="ms-auto -me-2" onClick={onClose} />
            </div>
          )}
          {children}
        </div>
      </LayerProvider>
    </dialog>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 pt-2">{children}</div>;
}
