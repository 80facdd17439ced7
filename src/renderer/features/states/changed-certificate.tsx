import { useState } from 'react';
import { useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icons.tsx';

interface ChangedCertificateProps {
  /** The pinned fingerprint; undefined if the stored pin is damaged. */
  readonly expected: string | undefined;
  readonly presented: string;
  readonly onAccept: () => void;
  readonly onRefuse: () => void;
  /** The heading level of its title. */
  readonly level: 1 | 2;
}

/** The server's certificate is not the pinned one: the client waits for the user's decision (G1). */
export function ChangedCertificate({ expected, presented, onAccept, onRefuse, level }: ChangedCertificateProps) {
  const strings = useStrings();
  const { title, text } = expected === undefined ? strings.untrusted.unreadable : strings.untrusted;
  const Heading = `h${level}` as const;
  const [compared, setCompared] = useState(false);
  return (
    <section role="alert" aria-labelledby="changed-certificate" className="card grid gap-4 border-bad p-5 shadow-soft">
      <Heading id="changed-certificate" className="flex items-center gap-2 text-base font-semibold text-bad">
        <Icon name="warning" className="size-5" />
        {title}
      </Heading>
      <p>{text}</p>
      {expected === undefined ? null : (
        <div className="grid gap-1">
          <p className="text-[0.8rem] font-semibold text-ink-2">{strings.untrusted.known}</p>
          <Fingerprint value={expected} />
        </div>
      )}
      <div className="grid gap-1">
        <p className="text-[0.8rem] font-semibold text-ink-2">{strings.untrusted.presented}</p>
        <Fingerprint value={presented} />
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={compared}
          onChange={(event) => setCompared(event.target.checked)}
          className="size-4 accent-accent"
        />
        {strings.untrusted.compared}
      </label>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="danger" disabled={!compared} onClick={onAccept}>
          {strings.untrusted.accept}
        </Button>
        <Button look="primary" onClick={onRefuse}>
          {strings.untrusted.refuse}
        </Button>
      </div>
    </section>
  );
}
