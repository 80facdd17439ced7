import { type FormEvent, useState } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { signOut } from '../../actions/window-actions.ts';
import { useActions, useFailureText, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { AccountList } from './account-list.tsx';
import { checkNewPassword } from '../start/sign-in.ts';
import { PassphraseSection } from './passphrase-section.tsx';
import { ServerMoved } from './server-moved.tsx';

/** Password, signing out, and deleting the account (B6, B7). */
export function AccountPage() {
  const strings = useStrings();
  const run = useRunAction();
  const username = useAppState(({ view }) => view.username ?? '');
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <p className="flex-1">{strings.settings.signedInAs(username)}</p>
        <Button onClick={() => run(signOut, undefined)}>{signOut.label(strings)}</Button>
      </div>
      <AccountList />
      <PasswordForm />
      <PassphraseSection />
      <ServerMoved />
      <DeleteForm username={username} />
    </div>
  );
}

function PasswordForm() {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const [password, setPassword] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<{ password?: string; fresh?: string; again?: string }>({});
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = checkNewPassword(fresh, again, strings);
    const missing = password === '' ? { password: strings.start.passwordMissing } : {};
    const found = {
      ...missing,
      ...(wrong.password === undefined ? {} : { fresh: wrong.password }),
      ...(wrong.again === undefined ? {} : { again: wrong.again }),
    };
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const outcome = await actions.client.run('account.changePassword', { password, newPassword: fresh });
    if (outcome.ok) {
      for (const clear of [setPassword, setFresh, setAgain]) clear('');
      actions.toasts.show(strings.settings.passwordChanged);
    } else {
      const text = failureText(outcome.failure);
      setErrors(outcome.failure.reason === 'password-weak' ? { fresh: text } : { password: text });
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid max-w-[22rem] gap-3 border-t border-line pt-5"
    >
      <h3 className="font-semibold">{strings.settings.changePassword}</h3>
      <Field
        label={strings.settings.currentPassword}
        type="password"
        value={password}
        onText={setPassword}
        error={errors.password}
        autoComplete="current-password"
      />
      <Field
        label={strings.settings.newPassword}
        type="password"
        value={fresh}
        onText={setFresh}
        error={errors.fresh}
        hint={strings.start.passwordHint}
        autoComplete="new-password"
      />
      <Field
        label={strings.settings.newPasswordAgain}
        type="password"
        value={again}
        onText={setAgain}
        error={errors.again}
        autoComplete="new-password"
      />
      <Button type="submit" className="justify-self-start">
        {strings.settings.changePassword}
      </Button>
    </form>
  );
}

function DeleteForm({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const failureText = useFailureText();
  const [sure, setSure] = useState(false);
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const outcome = await actions.client.run('account.delete', { password });
    if (outcome.ok) actions.overlay.close();
    else setError(failureText(outcome.failure));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid max-w-[22rem] gap-3 border-t border-line pt-5"
    >
      <h3 className="font-semibold text-bad">{strings.settings.deleteAccount}</h3>
      <p className="text-[0.82rem] text-ink-2">{strings.settings.deleteText}</p>
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={sure}
          onChange={(event) => setSure(event.target.checked)}
          className="mt-0.5 size-4 accent-accent"
        />
        {strings.settings.deleteConfirm(username)}
      </label>
      {sure ? (
        <>
          <Field
            label={strings.start.password}
            type="password"
            value={password}
            onText={setPassword}
            error={error}
            autoComplete="current-password"
          />
          <Button type="submit" look="destructive" disabled={password === ''} className="justify-self-start">
            {strings.settings.deleteAccount}
          </Button>
        </>
      ) : null}
    </form>
  );
}

export function SignOutDialog() {
  const strings = useStrings();
  const actions = useActions();
  const waiting = useAppState(({ view }) => view.waiting);
  const close = () => actions.overlay.close();
  return (
    <Dialog title={strings.settings.signOutTitle} onClose={close} width="narrow">
      <div className="grid gap-3 px-5 pb-5">
        <p>{strings.settings.signOutText}</p>
        {waiting > 0 ? <p className="text-warn">{strings.settings.signOutWaiting}</p> : null}
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          <Button
            look="primary"
            onClick={() => {
              close();
              void actions.client.attempt('session.signOut', {});
            }}
          >
            {strings.settings.signOut}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
