import { useState } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Mark } from '../../ui/mark.tsx';
import { ServerStep } from './server-step.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { writeServer } from './server-address.ts';

/** The first screen: which server, and then who (G1). */
export function StartScreen() {
  const strings = useStrings();
  const actions = useActions();
  const connection = useAppState(({ view }) => view.connection);
  const server = useAppState(({ facts }) => facts.server);
  const met = useAppState(({ view, facts }) => view.fingerprint !== undefined || facts.server?.plaintext === true);
  const problem = useAppState(({ facts }) => facts.problem);
  const [changing, setChanging] = useState(false);
  const signedOut = connection.state === 'signed-out' ? connection.reason : undefined;
  const signingIn = server !== undefined && met && !changing;
  return (
    <main className="grid h-full justify-items-center overflow-auto p-4">
      <div className="my-auto w-full max-w-[25rem] py-4">
        <div className="mb-5 grid justify-items-center gap-2 text-center">
          <Mark />
          <h1 className="text-xl font-semibold">{strings.start.welcome}</h1>
          <p className="text-ink-2">{strings.start.promise}</p>
        </div>
        {signedOut === undefined && problem === undefined ? null : (
          <p role="status" className="mb-4 text-center font-semibold">
            {signedOut === undefined ? problem : strings.signedOut[signedOut]}
          </p>
        )}
        {signingIn ? (
          <>
            <SignInForm onEntering={(entering) => actions.setEntering(entering)} />
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
      </div>
    </main>
  );
}
