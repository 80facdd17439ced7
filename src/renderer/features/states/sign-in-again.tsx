import type { FormEvent } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { LockClock, Refusals } from '../start/refusals.tsx';
import { useSignIn } from '../start/sign-in.ts';

/** Asks for the password in a dialog, so that the conversation stays open. */
export function SignInAgain() {
  const strings = useStrings();
  const actions = useActions();
  const username = useAppState(({ view }) => view.username ?? '');
  const signIn = useSignIn(username);
  const close = () => actions.overlay.close();
  const submit = async (event?: FormEvent, takeOver = false) => {
    event?.preventDefault();
    if (await signIn.submit('sign-in', { takeOver })) close();
  };
  return (
    <Dialog title={strings.state.signInAgain} onClose={close} width="narrow">
      <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4 px-5 pb-5">
        <p className="text-ink-2">{strings.settings.signedInAs(username)}</p>
        <Field
          label={strings.start.password}
          type="password"
          value={signIn.entry.password}
          onText={(text) => signIn.edit('password', text)}
          error={signIn.errors.password ?? signIn.errors.username}
          autoComplete="current-password"
          data-focus
        />
        <Refusals signIn={signIn} onTakeOver={() => void submit(undefined, true)} />
        <LockClock until={signIn.lockedUntil}>
          {(locked) => (
            <DialogActions>
              <Button onClick={close}>{strings.cancel}</Button>
              <Button type="submit" look="primary" disabled={signIn.busy || locked}>
                {signIn.busy ? strings.start.signingIn : strings.start.signIn}
              </Button>
            </DialogActions>
          )}
        </LockClock>
      </form>
    </Dialog>
  );
}
