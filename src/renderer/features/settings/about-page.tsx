import type { ReactNode } from 'react';
import { useAppState, useStrings } from '../../ui/app-context.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Mark } from '../../ui/mark.tsx';
import { QuitButton } from '../../ui/quit-button.tsx';
import { writeServer } from '../start/server-address.ts';
import { LicenceList } from './licence-list.tsx';

/** Versions, the server, its fingerprint, the licence. */
export function AboutPage() {
  const strings = useStrings();
  const version = useAppState(({ hostState }) => hostState.version);
  const address = useAppState(({ hostState }) => hostState.server);
  const server = useAppState(({ view }) => view.server);
  const fingerprint = useAppState(({ view }) => view.fingerprint);
  const identity = useAppState(({ hostState }) => hostState.identity);
  const idle = server?.policy.timeoutSeconds;
  return (
    <div className="grid gap-5">
      <div className="flex items-center gap-3">
        <Mark className="size-11" />
        <p>
          <span className="block text-base font-semibold">{strings.appName}</span>
          <span className="text-[0.82rem] text-ink-2">{strings.settings.licence}</span>
        </p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        <Fact name={strings.settings.version}>{version}</Fact>
        {address === undefined ? null : (
          <Fact name={strings.settings.serverAddress}>
            <span dir="ltr">{writeServer(address)}</span>
          </Fact>
        )}
        {server === undefined ? null : (
          <>
            <Fact name={strings.settings.serverName}>{server.server.name}</Fact>
            <Fact name={strings.settings.serverVersion}>{server.server.version}</Fact>
          </>
        )}
        {idle === undefined ? null : (
          <Fact name={strings.settings.policyIdle}>
            {idle === 0 ? strings.settings.policyNever : strings.settings.seconds(idle)}
          </Fact>
        )}
      </dl>
      {identity === undefined ? null : (
        <div className="grid gap-1">
          <h3 className="text-ink-2">{strings.settings.identity}</h3>
          <Fingerprint value={identity} />
        </div>
      )}
      <div className="grid gap-1">
        <h3 className="text-ink-2">{strings.settings.fingerprint}</h3>
        {fingerprint === undefined ? <p>{strings.settings.noFingerprint}</p> : <Fingerprint value={fingerprint} />}
      </div>
      <QuitButton />
      <LicenceList />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
