import { type FormEvent, useRef, useState } from 'react';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Mark } from '../../ui/mark.tsx';
import { QuitButton } from '../../ui/quit-button.tsx';

/** Asks for the passphrase while the stored data is locked (G1, G8). */
export function LockScreen() {
  const strings = useStrings();
  return (
    <main className="grid h-full justify-items-center overflow-auto p-4">
      <div className="my-auto w-full max-w-[25rem] py-4">
        <div className="mb-5 grid justify-items-center gap-2 text-center">
          <Mark />
          <h1 className="text-xl font-semibold">{strings.lock.title}</h1>
          <p className="text-ink-2">{strings.lock.text}</p>
        </div>
        <UnlockForm />
        <Lost />
        <QuitButton className="mt-4 text-center" />
      </div>
    </main>
  );
}

function UnlockForm() {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const form = useRef<HTMLFormElement>(null);
  const [passphrase, setPassphrase] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const refuse = (text: string) => {
    setError(text);
    requestAnimationFrame(() => form.current?.querySelector('input')?.select());
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (passphrase === '') {
      refuse(strings.lock.missing);
      return;
    }
    setBusy(true);
    const outcome = await actions.host.run('host.unlock', { passphrase });
    setBusy(false);
    // After a success, the next snapshot replaces this screen.
    if (!outcome.ok) refuse(failureText(outcome.failure));
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="card grid gap-4 p-5 shadow-soft">
      <Field
        label={strings.lock.passphrase}
        type="password"
        value={passphrase}
        onText={(text) => {
          setPassphrase(text);
          setError(undefined);
        }}
        error={error}
        autoComplete="current-password"
        autoFocus
        maxLength={1_024}
      />
      <Button type="submit" look="primary" disabled={busy}>
        {busy ? strings.lock.unlocking : strings.lock.unlock}
      </Button>
    </form>
  );
}

function Lost() {
  const strings = useStrings();
  const folder = useAppState(({ hostState }) => hostState.dataFolder);
  return (
    <details className="mt-4 text-[0.82rem] text-ink-2">
      <summary className="mx-auto w-fit cursor-pointer rounded text-accent underline underline-offset-2">
        {strings.lock.lost}
      </summary>
      <p className="mt-2 wrap-anywhere">{strings.lock.lostText(folder ?? strings.lock.lostFolder)}</p>
    </details>
  );
}
