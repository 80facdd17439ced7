import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Mark } from '../../ui/mark.tsx';
import { ChangedCertificate } from './changed-certificate.tsx';

/** Shown until the first snapshot arrives. */
export function LoadingScreen() {
  const strings = useStrings();
  return (
    <main className="grid h-full place-content-center justify-items-center gap-3">
      <Mark />
      <h1 className="sr-only">{strings.appName}</h1>
      <p role="status" className="text-ink-2">
        {strings.loading}
      </p>
    </main>
  );
}

/** A known server presented another certificate during or before a session (G1). */
export function UntrustedScreen() {
  const actions = useActions();
  const connection = useAppState(({ view }) => view.connection);
  if (connection.state !== 'untrusted') return null;
  const { expected, presented, unreadable } = connection;
  return (
    <main className="grid h-full justify-items-center overflow-auto p-4">
      <div className="my-auto w-full max-w-[30rem]">
        <ChangedCertificate
          level={1}
          expected={unreadable === true ? undefined : expected}
          presented={presented}
          onAccept={() => void actions.client.attempt('session.acceptCertificate', { fingerprint: presented })}
          onRefuse={() => void actions.client.attempt('session.signOut', {})}
        />
      </div>
    </main>
  );
}

/** Covers the window while the host doesn't answer: nothing works without it. */
export function HostLost() {
  const strings = useStrings();
  const link = useAppState((state) => state.link);
  if (link === 'connected') return null;
  return (
    <div role="alert" className="fixed inset-0 z-50 grid place-items-center bg-ground/85 p-4">
      <div className="card grid max-w-[24rem] justify-items-center gap-2 p-6 text-center shadow-float">
        <Mark />
        <h2 className="text-base font-semibold">
          {link === 'refused' ? strings.state.hostRestarted : strings.state.hostLost}
        </h2>
        <p className="text-ink-2">
          {link === 'refused' ? strings.state.hostRestartedText : strings.state.hostLostText}
        </p>
      </div>
    </div>
  );
}
