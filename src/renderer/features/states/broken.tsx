import type { ReactNode } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { Mark } from '../../ui/mark.tsx';

interface PartProps {
  /** The part is shown again after an error as soon as this value changes. */
  readonly content: unknown;
  /** Closes the part. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** Keeps an error in a part of the window; the rest of the window stays usable (G11). */
export function Part({ content, onClose, children }: PartProps) {
  return (
    <ErrorBoundary content={content} instead={<BrokenPart onClose={onClose} />}>
      {children}
    </ErrorBoundary>
  );
}

function BrokenPart({ onClose }: { onClose: (() => void) | undefined }) {
  const strings = useStrings();
  return (
    <div role="alert" className="flex min-w-0 flex-wrap items-center gap-2 p-2 text-[0.82rem] text-ink-2">
      {strings.broken.part}
      {onClose === undefined ? null : <Button onClick={onClose}>{strings.close}</Button>}
    </div>
  );
}

/** Shown instead of a message that cannot be shown. */
export function BrokenMessage({ onHide }: { onHide: () => void }) {
  const strings = useStrings();
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 py-1 text-[0.82rem] text-ink-2">
      {strings.broken.message}
      <span aria-hidden="true">·</span>
      <button type="button" onClick={onHide} className="rounded font-semibold text-accent underline underline-offset-2">
        {strings.broken.hide}
      </button>
    </p>
  );
}

/** Shown instead of the whole window. */
export function BrokenWindow({ onReload }: { onReload: () => void }) {
  const strings = useStrings();
  return (
    <main role="alert" className="grid h-full place-content-center justify-items-center gap-3 p-4 text-center">
      <Mark />
      <h1 className="text-base font-semibold">{strings.broken.window}</h1>
      <p className="max-w-[26rem] text-ink-2">{strings.broken.windowText}</p>
      <Button look="primary" onClick={onReload} autoFocus>
        {strings.broken.reload}
      </Button>
    </main>
  );
}
