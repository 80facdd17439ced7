import { useState } from 'react';
import type { WindowState } from '../../store/window-state.ts';
import { useActions, useAppState, useStrings, useFailureText } from '../../ui/app-context.tsx';
import { Mark } from '../../ui/mark.tsx';
import { QuitButton } from '../../ui/quit-button.tsx';
import { KnownAccounts } from './known-accounts.tsx';
import { ServerStep } from './server-step.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { writeServer } from './server-address.ts';

/** The first screen: asks for the server, then for the account (G1). */
export function StartScreen() {
  const strings = useStrings();
  const actions = useActions();
  const connection = useAppState(({ view }) => view.connection);
  const server = useAppState(({ hostState }) => hostState.server);
  const met = useAppState(
    ({ view, hostState }) => view.fingerprint !== undefined || hostState.server?.plaintext === true,
  );
  const failureText = useFailureText();
  const problem = useAppState(({ hostState }) => hostState.problem);
  const lastName = useAppState(lastUsername);
  const [changing, setChanging] = useState(false);
  /** The account that the user chose from the list; the form shows it. */
  const [tried, setTried] = useState<{ readonly username: string; readonly time: number }>();
  const signedOut = connection.state === 'signed-out' ? connection.reason : undefined;
  const storage = problem && failureText(problem);
  const message = signedOut === undefined ? storage : strings.signedOut[signedOut];
  const signingIn = server !== undefined && met && !changing;
  const known = (
    <KnownAccounts
      onTried={({ username }) => {
        setChanging(false);
        setTried({ username, time: Date.now() });
      }}
    />
  );
  return (
    <main className="grid h-full justify-items-center overflow-auto p-4">
      <div className="my-auto w-full max-w-[25rem] py-4">
        <div className="mb-5 grid justify-items-center gap-2 text-center">
          <Mark />
          <h1 className="text-xl font-semibold">{strings.start.welcome}</h1>
          <p className="text-ink-2">{strings.start.promise}</p>
        </div>
        {message === undefined ? null : (
          <p role="status" className="mb-4 text-center font-semibold">
            {message}
          </p>
        )}
        {lastName === '' ? known : null}
        {signingIn ? (
          <>
            <SignInForm
              key={tried?.time}
              username={tried?.username ?? lastName}
              known={tried !== undefined}
              onEntering={(entering) => actions.client.setSigningIn(entering)}
            />
            <p className="mt-4 text-center text-[0.82rem] text-ink-2">
              <span dir="ltr">{writeServer(server)}</span>{' '}
              <button
                type="button"
                onClick={() => setChanging(true)}
                className="rounded text-accent underline underline-offset-2"
              >
                {strings.start.otherServer}
              </button>
            </p>
          </>
        ) : (
          <ServerStep onDone={() => setChanging(false)} />
        )}
        {lastName === '' ? null : known}
        <QuitButton className="mt-6 text-center" />
      </div>
    </main>
  );
}

/** The account used last; the list of accounts knows it also if it could not be opened. */
function lastUsername({ view, hostState }: WindowState): string {
  if (view.username !== undefined) return view.username;
  return hostState.problem === undefined ? '' : (hostState.accounts?.[0]?.username ?? '');
}
