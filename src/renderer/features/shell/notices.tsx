import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';

/** Short sentences in a corner, which go by themselves. Screen readers get them from the announcer. */
export function Notices() {
  const strings = useStrings();
  const actions = useActions();
  const notices = useAppState((state) => state.notices);
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-24 z-40 grid justify-items-center gap-2 px-4">
      {notices.map(({ key, text, tone }) => (
        <div
          key={key}
          className={`pointer-events-auto flex max-w-[30rem] items-center gap-2 rounded-xl border bg-panel py-1 ps-4 pe-1 shadow-float ${tone === 'bad' ? 'border-bad' : 'border-line'}`}
        >
          <p>{text}</p>
          <IconButton icon="close" label={strings.dismiss} onClick={() => actions.dismiss(key)} />
        </div>
      ))}
    </div>
  );
}

/** What is said to screen readers: arriving messages, failures, what was done. */
export function Announcer() {
  const spoken = useAppState((state) => state.spoken);
  return (
    <div role="log" aria-live="polite" aria-atomic="true" className="sr-only">
      <span key={spoken.key}>{spoken.text}</span>
    </div>
  );
}
