import { type FormEvent, useRef, useState } from 'react';
import { type FormMode, recallForm, rememberForm } from '../../store/last-place.ts';
import { useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { LockClock, Refusals } from './refusals.tsx';
import { useRegistration } from './registration.ts';
import { useSignIn } from './sign-in.ts';

interface SignInFormProps {
  /** The username at first. */
  readonly username: string;
  /** The account was chosen just now: show the sign-in form, not the form that was open before. */
  readonly known: boolean;
  /** True while the client signs in, so that the start screen stays until that has succeeded. */
  readonly onEntering: (entering: boolean) => void;
}

export function SignInForm({ username, known, onEntering }: SignInFormProps) {
  const strings = useStrings();
  const signIn = useSignIn(username);
  const server = useAppState(({ hostState }) => hostState.server);
  const [chosen, setMode] = useState(() => firstMode(username, known ? undefined : recallForm(server)));
  const registration = useRegistration();
  const closed = registration === 'closed';
  const mode = closed ? 'sign-in' : chosen;
  const form = useRef<HTMLFormElement>(null);
  const { entry, errors, edit } = signIn;
  const registering = mode === 'register';
  // A refused invitation shows the field even if the policy of the server could not be read.
  const needsInvite = registration === 'invite' || errors.invite !== undefined;

  const submit = async (event?: FormEvent, takeOver = false) => {
    event?.preventDefault();
    // After a refusal and a page load, show the form that was refused.
    rememberForm(server, mode);
    onEntering(true);
    const done = await signIn.submit(mode, { takeOver, needsInvite });
    onEntering(false);
    // Focus the first invalid field, so that the user can correct it at once.
    if (!done)
      requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus());
  };
  const change = () => {
    signIn.clearErrors();
    const other = registering ? 'sign-in' : 'register';
    setMode(other);
    rememberForm(server, other);
  };

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)} className="card grid gap-4 p-5 shadow-soft">
      <Field
        label={strings.start.username}
        value={entry.username}
        onText={(text) => edit('username', text)}
        error={errors.username}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        maxLength={1_024}
      />
      <Field
        label={strings.start.password}
        type="password"
        value={entry.password}
        onText={(text) => edit('password', text)}
        error={errors.password}
        {...(registering ? { hint: strings.start.passwordHint } : {})}
        autoComplete={registering ? 'new-password' : 'current-password'}
      />
      {registering ? (
        <>
          <Field
            label={strings.start.passwordAgain}
            type="password"
            value={entry.again}
            onText={(text) => edit('again', text)}
            error={errors.again}
            autoComplete="new-password"
          />
          {needsInvite || entry.invite !== '' ? (
            <Field
              label={strings.start.invite}
              value={entry.invite}
              onText={(text) => edit('invite', text)}
              error={errors.invite}
              hint={strings.start.inviteHint}
              autoComplete="off"
              maxLength={128}
            />
          ) : null}
        </>
      ) : null}
      <Refusals signIn={signIn} onTakeOver={() => void submit(undefined, true)} />
      <LockClock until={registering ? undefined : signIn.lockedUntil}>
        {(locked) => (
          <Button type="submit" look="primary" disabled={signIn.busy || locked} className="min-h-10">
            {signIn.busy ? strings.start.signingIn : registering ? strings.start.register : strings.start.signIn}
          </Button>
        )}
      </LockClock>
      {closed ? (
        <p className="text-center text-[0.82rem] text-ink-2">{strings.start.closed}</p>
      ) : (
        <button type="button" onClick={change} className="rounded text-accent underline underline-offset-2">
          {registering ? strings.start.toSignIn : strings.start.toRegister}
        </button>
      )}
    </form>
  );
}

/** The form at first: sign in if an account is known, else create one. */
function firstMode(username: string, before: FormMode | undefined): FormMode {
  return before ?? (username === '' ? 'register' : 'sign-in');
}
