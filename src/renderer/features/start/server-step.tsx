import { type FormEvent, useState } from 'react';
import { DEFAULT_SERVER, type ServerChoice, type ServerProbe } from '../../../shared/client-api/host.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ChangedCertificate } from '../states/changed-certificate.tsx';
import { isLoopback, parseServer, writeServer } from './server-address.ts';

/** Asks for the server's address and checks its certificate before the client sends any data (G1). */
export function ServerStep({ onDone }: { onDone: () => void }) {
  const actions = useActions();
  const [seen, setSeen] = useState<{ server: ServerChoice; look: ServerProbe }>();
  /** The user has found another fingerprint than that of the server. */
  const [differs, setDiffers] = useState(false);

  const chosen = async (server: ServerChoice) => {
    await actions.host.run('host.chooseServer', server);
    onDone();
  };
  const looked = (server: ServerChoice, look: ServerProbe) => {
    if (look.trust === 'known' || look.trust === 'plaintext') void chosen(server);
    else {
      setDiffers(false);
      setSeen({ server, look });
    }
  };
  const trust = async (server: ServerChoice, fingerprint: string) => {
    const outcome = await actions.host.run('host.trustServer', { ...server, fingerprint });
    if (outcome.ok) await chosen(server);
    else setSeen(undefined);
  };

  const fingerprint = seen?.look.fingerprint;
  if (seen === undefined || fingerprint === undefined) return <AddressForm onLooked={looked} />;
  const { server, look } = seen;
  if (look.trust === 'unreadable' || (look.trust === 'changed' && look.expected !== undefined)) {
    return (
      <ChangedCertificate
        level={2}
        expected={look.expected}
        presented={fingerprint}
        onAccept={() => void trust(server, fingerprint)}
        onRefuse={() => setSeen(undefined)}
      />
    );
  }
  return differs ? (
    <OtherServer onBack={() => setSeen(undefined)} />
  ) : (
    <NewServer
      fingerprint={fingerprint}
      onSame={() => void trust(server, fingerprint)}
      onDiffers={() => setDiffers(true)}
    />
  );
}

function AddressForm({ onLooked }: { onLooked: (server: ServerChoice, look: ServerProbe) => void }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const known = useAppState(({ hostState }) => hostState.server);
  const [address, setAddress] = useState(() => writeServer(known ?? DEFAULT_SERVER));
  const [plaintext, setPlaintext] = useState(known?.plaintext ?? false);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const parsed = parseServer(address);
  const local = parsed !== undefined && isLoopback(parsed.host);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (parsed === undefined) {
      setError(strings.start.serverInvalid);
      return;
    }
    const server = local && plaintext ? { ...parsed, plaintext } : parsed;
    setBusy(true);
    const outcome = await actions.host.run('host.probeServer', server);
    setBusy(false);
    if (outcome.ok) onLooked(server, outcome.result);
    else setError(failureText(outcome.failure));
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="card grid gap-4 p-5 shadow-soft">
      <Field
        label={strings.start.server}
        value={address}
        onText={(text) => {
          setAddress(text);
          setError(undefined);
        }}
        error={error}
        hint={strings.start.serverHint}
        autoComplete="off"
        inputMode="url"
        dir="ltr"
        autoFocus
      />
      {local ? (
        <label className="flex items-center gap-2 text-[0.82rem]">
          <input
            type="checkbox"
            checked={plaintext}
            onChange={(event) => setPlaintext(event.target.checked)}
            className="size-4 accent-accent"
          />
          {strings.start.plaintext}
        </label>
      ) : null}
      <Button type="submit" look="primary" disabled={busy} className="min-h-10">
        {busy ? strings.start.looking : strings.start.connect}
      </Button>
    </form>
  );
}

interface NewServerProps {
  readonly fingerprint: string;
  readonly onSame: () => void;
  readonly onDiffers: () => void;
}

function NewServer({ fingerprint, onSame, onDiffers }: NewServerProps) {
  const strings = useStrings();
  return (
    <section aria-labelledby="new-server" className="card grid gap-4 p-5 shadow-soft">
      <h2 id="new-server" className="text-base font-semibold">
        {strings.fingerprint.title}
      </h2>
      <p className="text-ink-2">{strings.fingerprint.text}</p>
      <Fingerprint value={fingerprint} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDiffers}>{strings.fingerprint.differs}</Button>
        <Button look="primary" onClick={onSame} autoFocus>
          {strings.fingerprint.same}
        </Button>
      </div>
    </section>
  );
}

/** The end for a server whose fingerprint is not the expected one: its certificate stays untrusted. */
function OtherServer({ onBack }: { onBack: () => void }) {
  const { title, text, back } = useStrings().fingerprint.wrong;
  return (
    <section role="alert" aria-labelledby="other-server" className="card grid gap-4 border-bad p-5 shadow-soft">
      <h2 id="other-server" className="flex items-center gap-2 text-base font-semibold text-bad">
        <Icon name="warning" className="size-5" />
        {title}
      </h2>
      <p>{text}</p>
      <div className="flex justify-end">
        <Button look="primary" onClick={onBack} autoFocus>
          {back}
        </Button>
      </div>
    </section>
  );
}
