import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { LayerProvider } from '../../ui/layer.tsx';
import { useTopDialog } from '../../ui/top-layer.ts';
import { HostLost } from '../states/whole-window.tsx';

/** Toasts and live region. They are inside the topmost dialog, because everything outside of it is inert. */
export function OnTop() {
  const dialog = useTopDialog();
  const inside: ReactNode = (
    <LayerProvider container={dialog}>
      <Toasts low={dialog !== undefined} />
      <HostLost />
    </LayerProvider>
  );
  return (
    <>
      <LiveRegion silent={dialog !== undefined} />
      {dialog === undefined
        ? inside
        : createPortal(
            <>
              {inside}
              <LiveRegion />
            </>,
            dialog,
          )}
    </>
  );
}

/**
 * Toasts under the header, so that they cover neither the newest message nor the field; they disappear after a while. Screen
 * readers get them from the announcer.
 * @param low a dialog is open: they are at its bottom
 */
function Toasts({ low }: { low: boolean }) {
  const strings = useStrings();
  const actions = useActions();
  const toasts = useAppState((state) => state.toasts);
  return (
    <div
      className={`pointer-events-none fixed inset-x-0 z-40 grid justify-items-center gap-2 px-4 ${low ? 'bottom-3' : 'top-[4.25rem]'}`}
    >
      {toasts.map(({ key, text, tone }) => (
        <div
          key={key}
          className={`pointer-events-auto flex max-w-[30rem] min-w-0 items-center gap-2 rounded-xl border bg-panel py-1 ps-4 pe-1 text-ink shadow-float ${tone === 'bad' ? 'border-bad' : 'border-line'}`}
        >
          <p className="min-w-0 [overflow-wrap:anywhere]">{text}</p>
          <IconButton icon="close" label={strings.dismiss} onClick={() => actions.toasts.dismiss(key)} />
        </div>
      ))}
    </div>
  );
}

/**
 * The live region for screen readers: arriving messages, failures, results. Screen readers announce changes of a region
 * that exists already: one is always there, and each dialog has its own, which starts empty.
 */
function LiveRegion({ silent = false }: { silent?: boolean }) {
  const announcement = useAppState((state) => state.announcement);
  const [heard, setHeard] = useState(announcement.key);
  useEffect(() => {
    if (silent) setHeard(announcement.key);
  }, [silent, announcement.key]);
  return (
    <div role="log" aria-live="polite" aria-atomic="true" className="sr-only">
      <span key={announcement.key}>{silent || announcement.key <= heard ? '' : announcement.text}</span>
    </div>
  );
}
