import { type FormEvent, useState } from 'react';
import { useActions, useFailureText, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

/** Explains and removes the passphrase (G1, G8). */
export function RemovePassphrase() {
  const strings = useStrings();
  const [open, setOpen] = useState(false);
  if (open) return <RemoveForm onCancel={() => setOpen(false)} />;
  return (
    <Button className="justify-self-start" onClick={() => setOpen(true)}>
      {strings.lock.remove}
    </Button>
  );
}

function RemoveForm({ onCancel }: { onCancel: () => void }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const [current, setCurrent] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (current === '') {
      setError(strings.lock.missing);
      return;
    }
    setBusy(true);
    const outcome = await actions.host.run('host.removePassphrase', { current });
    setBusy(false);
    if (outcome.ok) {
      actions.toasts.show(strings.lock.wasRemoved);
      return;
    }
    const text = failureText(outcome.failure);
    setError(text);
    // The progress screen may have replaced this form, so a new form is mounted now.
    if (outcome.failure.reason !== 'wrong-passphrase') actions.toasts.show(text, 'bad');
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-3 border-t border-line pt-5">
      <h4 className="font-semibold">{strings.lock.removeTitle}</h4>
      <p className="text-[0.82rem] text-ink-2">{strings.lock.removeText}</p>
      <Field
        label={strings.lock.passphrase}
        type="password"
        value={current}
        onText={(text) => {
          setCurrent(text);
          setError(undefined);
        }}
        error={error}
        autoComplete="current-password"
        autoFocus
        maxLength={1_024}
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={onCancel}>{strings.cancel}</Button>
        <Button type="submit" look="destructive" disabled={busy}>
          {busy ? strings.lock.removing : strings.lock.removeConfirm}
        </Button>
      </div>
    </form>
  );
}
