import { type FormEvent, useState } from 'react';
import { useActions, useAppState, useFailureText, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { parseServer, writeServer } from '../start/server-address.ts';

/** Takes a new address of the server; its certificate proves that it is the same one (B8). */
export function ServerMoved() {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const server = useAppState(({ hostState }) => hostState.server);
  const [address, setAddress] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  if (server === undefined || server.plaintext === true) return null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const moved = parseServer(address);
    if (moved === undefined) {
      setError(strings.start.serverInvalid);
      return;
    }
    setBusy(true);
    const outcome = await actions.host.run('host.moveServer', moved);
    setBusy(false);
    if (outcome.ok) {
      setAddress('');
      actions.toasts.show(strings.settings.serverMovedDone(writeServer(moved)));
    } else setError(failureText(outcome.failure));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid max-w-[22rem] gap-3 border-t border-line pt-5"
    >
      <h3 className="font-semibold">{strings.settings.serverMoved}</h3>
      <p className="text-[0.82rem] text-ink-2">{strings.settings.serverMovedText(writeServer(server))}</p>
      <Field
        label={strings.settings.serverMovedAddress}
        value={address}
        onText={(text) => {
          setAddress(text);
          setError(undefined);
        }}
        error={error}
        autoComplete="off"
        inputMode="url"
        dir="ltr"
      />
      <Button type="submit" disabled={busy || address.trim() === ''} className="justify-self-start">
        {busy ? strings.start.looking : strings.settings.serverMovedSubmit}
      </Button>
    </form>
  );
}
