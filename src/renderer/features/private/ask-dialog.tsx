import type { IdentityTrust } from '../../../shared/client-api/private-view.ts';
import { mayReveal } from '../../../shared/client-api/may-reveal.ts';
import { type FormEvent, useEffect, useState } from 'react';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { placeToGoOn } from '../../ui/kept-focus.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

/** Characters of a note (F1). */
const NOTE_LENGTH = 280;

/** Trust in the known identity of the user; the answer may come from another device (F8). */
function useTrust(username: string): IdentityTrust {
  const actions = useActions();
  const [trust, setTrust] = useState<IdentityTrust>('new');
  useEffect(() => {
    let current = true;
    void actions.client.run('private.safetyNumber', { username }).then((outcome) => {
      if (current && outcome.ok) setTrust(outcome.result.trust);
    });
    return () => {
      current = false;
    };
  }, [actions, username]);
  return trust;
}

/** Explains private sessions and what each side learns (F9), and sends the request. */
export function AskDialog({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const reveals = useAppState(({ view }) => mayReveal(view.addressRule, username));
  const trust = useTrust(username);
  const [hidden, setHidden] = useState(false);
  const [note, setNote] = useState('');
  const [error, setError] = useState<string>();
  const close = () => actions.overlay.close();
  // After the request, the button that opened this dialog is gone, and so is its focus.
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) placeToGoOn()?.focus();
      });
    },
    [],
  );
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await actions.client.run('private.ask', {
      username,
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(hidden ? { hideAddress: true as const } : {}),
    });
    if (outcome.ok) close();
    else setError(failureText(outcome.failure));
  };
  return (
    <Dialog title={strings.aside.askTitle(username)} onClose={close} width="narrow">
      <form noValidate onSubmit={(event) => void ask(event)} className="grid gap-3 px-5 pb-5">
        <p>{strings.aside.askText(username)}</p>
        <p className="text-[0.82rem] text-ink-2">
          {reveals && !hidden ? strings.aside.addressShown(username) : strings.aside.addressHiddenHere}
        </p>
        <p className="text-[0.82rem] text-ink-2">{strings.aside.trust[trust]}</p>
        {reveals ? (
          <label className="flex items-center gap-2 text-[0.82rem]">
            <input
              type="checkbox"
              checked={hidden}
              onChange={(event) => setHidden(event.target.checked)}
              className="size-4 accent-private"
            />
            {strings.aside.hideAddress}
          </label>
        ) : null}
        <Field
          label={strings.aside.note}
          value={note}
          onText={setNote}
          error={error}
          maxLength={NOTE_LENGTH}
          autoComplete="off"
          data-focus
        />
        <DialogActions>
          <Button onClick={close}>{strings.cancel}</Button>
          <button
            type="submit"
            className="min-h-9 rounded-[0.6rem] bg-private px-4 text-[0.82rem] font-semibold text-white hover:brightness-125"
          >
            {strings.aside.ask}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
