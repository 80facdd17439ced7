import { useState } from 'react';
import { askToNotify, mayAskToNotify, rememberAsked } from '../../port/page-notifications.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';

/** Offers notifications once; a browser asks for permission only after a click (G5). */
export function NotifyOffer() {
  const strings = useStrings();
  const actions = useActions();
  const wanted = useAppState(({ hostState }) => hostState.kind === 'browser' && hostState.preferences.notifications);
  const online = useAppState(({ view }) => view.connection.state === 'online');
  const [open, setOpen] = useState(mayAskToNotify);
  if (!open || !wanted || !online) return null;
  const decided = () => {
    rememberAsked();
    setOpen(false);
  };
  const allow = async () => {
    decided();
    if (!(await askToNotify())) actions.toasts.show(strings.settings.notifyRefused);
  };
  return (
    <section
      aria-labelledby="notify-offer"
      className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-2 text-[0.82rem]"
    >
      <p id="notify-offer" className="min-w-0 flex-1 basis-[9rem]">
        {strings.notifyOffer.text}
      </p>
      <span className="flex gap-2">
        <Button onClick={decided}>{strings.notifyOffer.notNow}</Button>
        <Button onClick={() => void allow()}>{strings.notifyOffer.allow}</Button>
      </span>
    </section>
  );
}
