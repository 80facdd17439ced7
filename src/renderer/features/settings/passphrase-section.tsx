import { type FormEvent, useState } from 'react';
import type { Strings } from '../../../shared/text/en.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { writeServer } from '../start/server-address.ts';
import { RemovePassphrase } from './remove-passphrase.tsx';

/** Shortest new passphrase, in characters; the host checks it, too. */
const PASSPHRASE_MIN = 8;

/** Shows the protection of stored data, and sets a passphrase if the system has no secret store (G1, G8). */
export function PassphraseSection() {
  const strings = useStrings();
  const lock = useAppState(({ hostState }) => hostState.lock);
  return (
    <section className="grid max-w-[22rem] gap-3 border-t border-line pt-5">
      <h3 className="font-semibold">{strings.lock.section}</h3>
      {lock === 'system' ? <p className="text-[0.82rem] text-ink-2">{strings.lock.system}</p> : null}
      {lock === 'passphrase' ? <Unencrypted /> : null}
      {lock === 'passphrase' ? <LockNow /> : null}
      {lock === 'none' || lock === 'passphrase' ? <PassphraseForm key={lock} change={lock === 'passphrase'} /> : null}
      {lock === 'passphrase' ? <RemovePassphrase /> : null}
    </section>
  );
}

/** Accounts that stay unencrypted because another program has them open (G8). */
function Unencrypted() {
  const strings = useStrings();
  const unencrypted = useAppState(({ hostState }) => hostState.unencrypted);
  if (unencrypted === undefined) return null;
  const names = unencrypted.map(({ username, server }) => strings.lock.account(username, writeServer(server)));
  return (
    <div role="status" className="grid gap-1 rounded-xl bg-warn-soft p-3 text-[0.82rem]">
      <p className="font-semibold">{strings.lock.unencrypted(unencrypted.length)}</p>
      <ul className="list-disc ps-5">
        {names.map((name) => (
          <li key={name} className="[overflow-wrap:anywhere]">
            {name}
          </li>
        ))}
      </ul>
      <p>{strings.lock.unencryptedHint}</p>
    </div>
  );
}

function LockNow() {
  const strings = useStrings();
  const actions = useActions();
  return (
    <>
      <p className="text-[0.82rem] text-ink-2">{strings.lock.lockNowText}</p>
      <Button className="justify-self-start" onClick={() => void actions.host.lock()}>
        {strings.lock.lockNow}
      </Button>
    </>
  );
}

interface Errors {
  readonly current?: string | undefined;
  readonly fresh?: string | undefined;
  readonly again?: string | undefined;
  readonly understood?: string | undefined;
}

const EMPTY = { current: '', fresh: '', again: '' };

/** @param change there is a passphrase already */
function PassphraseForm({ change }: { change: boolean }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const [texts, setTexts] = useState(EMPTY);
  const [understood, setUnderstood] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const edit = (name: keyof typeof EMPTY) => (text: string) => {
    setTexts((before) => ({ ...before, [name]: text }));
    setErrors((before) => ({ ...before, [name]: undefined }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = check(texts, change, understood, strings);
    setErrors(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    const { current, fresh: passphrase } = texts;
    const outcome = await actions.host.run('host.setPassphrase', change ? { passphrase, current } : { passphrase });
    setBusy(false);
    if (outcome.ok) {
      setTexts(EMPTY);
      actions.toasts.show(change ? strings.lock.wasChanged : strings.lock.wasSet);
      return;
    }
    const text = failureText(outcome.failure);
    setErrors(outcome.failure.reason === 'wrong-passphrase' ? { current: text } : { fresh: text });
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-3">
      <p className="text-[0.82rem] text-ink-2">{change ? strings.lock.on : strings.lock.none}</p>
      {change ? (
        <Field
          label={strings.lock.current}
          type="password"
          value={texts.current}
          onText={edit('current')}
          error={errors.current}
          autoComplete="current-password"
        />
      ) : (
        <>
          <p className="text-[0.82rem] font-semibold">{strings.lock.price}</p>
          <p className="text-[0.82rem] text-ink-2">{strings.lock.moment}</p>
        </>
      )}
      <Field
        label={strings.lock.fresh}
        type="password"
        value={texts.fresh}
        onText={edit('fresh')}
        error={errors.fresh}
        hint={strings.lock.freshHint}
        autoComplete="new-password"
        maxLength={1_024}
      />
      <Field
        label={strings.lock.again}
        type="password"
        value={texts.again}
        onText={edit('again')}
        error={errors.again}
        autoComplete="new-password"
        maxLength={1_024}
      />
      {change ? null : (
        <Understood
          checked={understood}
          error={errors.understood}
          onChange={(checked) => {
            setUnderstood(checked);
            setErrors((before) => ({ ...before, understood: undefined }));
          }}
        />
      )}
      <Button type="submit" disabled={busy} className="justify-self-start">
        {busy && !change ? strings.lock.setting : change ? strings.lock.change : strings.lock.set}
      </Button>
    </form>
  );
}

interface UnderstoodProps {
  readonly checked: boolean;
  readonly error: string | undefined;
  readonly onChange: (checked: boolean) => void;
}

function Understood({ checked, error, onChange }: UnderstoodProps) {
  const strings = useStrings();
  return (
    <div className="grid gap-1">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          aria-invalid={error !== undefined}
          {...(error === undefined ? {} : { 'aria-describedby': 'passphrase-understood' })}
          className="mt-0.5 size-4 accent-accent"
        />
        {strings.lock.understood}
      </label>
      {error === undefined ? null : (
        <p id="passphrase-understood" className="text-[0.8rem] text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function check(texts: typeof EMPTY, change: boolean, understood: boolean, strings: Strings): Errors {
  const { current, fresh, again } = texts;
  return {
    ...(change && current === '' ? { current: strings.lock.missing } : {}),
    ...(Array.from(fresh).length < PASSPHRASE_MIN
      ? { fresh: strings.lock.short }
      : again === fresh
        ? {}
        : { again: strings.lock.differs }),
    ...(change || understood ? {} : { understood: strings.lock.understoodMissing }),
  };
}
