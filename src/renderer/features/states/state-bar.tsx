import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import type { ReactNode } from 'react';
import type { ConnectionState } from '../../../shared/client-api/connection-state.ts';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { problemText } from '../../../shared/text/failure-text.ts';

/** Why there is no connection, and what happens next (G7); empty with a connection. */
export function StateBar() {
  const connection = useAppState(({ view }) => view.connection);
  switch (connection.state) {
    case 'online':
    case 'untrusted':
      return null;
    case 'connecting':
    case 'signing-in':
      return <Connecting connection={connection} />;
    case 'waiting-to-reconnect':
      return <Waiting connection={connection} />;
    case 'idle':
      return <SignedOut text={undefined} />;
    case 'signed-out':
      return <SignedOutBecause connection={connection} />;
  }
}

function Bar({ icon, children, action }: { icon: IconName; children: ReactNode; action?: ReactNode }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-warn-soft px-4 py-2 text-[0.82rem]"
    >
      <Icon name={icon} className="size-[1.1rem] text-warn" />
      <p className="min-w-0 flex-1 basis-[14rem]">{children}</p>
      {action}
    </div>
  );
}

/** Messages without a connection wait and are sent later; broadcasts don't wait (D7, D8). */
function useWriteOn(): string {
  const { state } = useStrings();
  return useAppState(({ chosen }) => chosen === EVERYONE) ? state.writeLater : state.writeOn;
}

/** The same for a signed-out user: messages wait until the next sign-in. */
function useWriteSignedOut(): string {
  const { state } = useStrings();
  return useAppState(({ chosen }) => chosen === EVERYONE) ? state.writeLaterSignedOut : state.writeSignedOut;
}

function Connecting({ connection }: { connection: ConnectionState }) {
  const strings = useStrings();
  const writeOn = useWriteOn();
  return (
    <Bar icon="clock">
      <strong className="font-semibold">
        {connection.state === 'signing-in' ? strings.state.signingIn : strings.state.connecting}
      </strong>{' '}
      {writeOn}
    </Bar>
  );
}

function Waiting({ connection }: { connection: Extract<ConnectionState, { state: 'waiting-to-reconnect' }> }) {
  const strings = useStrings();
  const writeOn = useWriteOn();
  const format = useFormat();
  const actions = useActions();
  const now = useNow(1_000);
  const { problem, until } = connection;
  return (
    <Bar
      icon="warning"
      action={<Button onClick={() => void actions.client.run('session.tryNow', {})}>{strings.state.tryNow}</Button>}
    >
      <strong className="font-semibold">{problemText(strings, problem)}</strong>{' '}
      <span aria-hidden="true">{strings.state.retryIn(format.clock(until - now))} </span>
      {writeOn}
    </Bar>
  );
}

function SignedOutBecause({ connection }: { connection: Extract<ConnectionState, { state: 'signed-out' }> }) {
  const strings = useStrings();
  const writeOn = useWriteSignedOut();
  const actions = useActions();
  const { reason } = connection;
  if (reason === 'timed-out') {
    return (
      <Bar
        icon="quiet"
        action={
          // The server revokes the token of an inactive user (B5), so the user enters the password again.
          <Button look="primary" onClick={() => actions.overlay.show({ kind: 'sign-in-again' })}>
            {strings.state.imBack}
          </Button>
        }
      >
        <strong className="font-semibold">{strings.signedOut[reason]}</strong> {writeOn}
      </Bar>
    );
  }
  return <SignedOut text={strings.signedOut[reason]} />;
}

function SignedOut({ text }: { text: string | undefined }) {
  const strings = useStrings();
  const writeOn = useWriteSignedOut();
  const actions = useActions();
  return (
    <Bar
      icon="person"
      action={
        <Button look="primary" onClick={() => actions.overlay.show({ kind: 'sign-in-again' })}>
          {strings.state.signInAgain}
        </Button>
      }
    >
      <strong className="font-semibold">{text ?? strings.state.signedOut}</strong> {writeOn}
    </Bar>
  );
}
