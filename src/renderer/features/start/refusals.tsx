import type { ReactNode } from 'react';
import { useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { SignIn } from './sign-in.ts';

/** Refusals of the server that belong to no single field. */
export function Refusals({ signIn, onTakeOver }: { signIn: SignIn; onTakeOver: () => void }) {
  const strings = useStrings();
  return (
    <div role="alert" className="contents">
      {signIn.errors.form === undefined ? null : (
        <p className="flex gap-2 text-[0.82rem] text-bad">
          <Icon name="warning" className="mt-0.5" />
          {signIn.errors.form}
        </p>
      )}
      {signIn.elsewhere ? (
        <div className="grid gap-2 rounded-xl bg-warn-soft p-3">
          <p className="font-semibold">{strings.start.elsewhere}</p>
          <p className="text-[0.82rem] text-ink-2">{strings.start.takeOverHint}</p>
          <Button onClick={onTakeOver} disabled={signIn.busy} className="justify-self-start bg-panel">
            {strings.start.takeOver}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The time until the account is unlocked (B2). */
export function LockClock({
  until,
  children,
}: {
  until: number | undefined;
  children: (locked: boolean) => ReactNode;
}) {
  if (until === undefined) return children(false);
  return <RunningClock key={until} until={until} rest={children} />;
}

function RunningClock({ until, rest }: { until: number; rest: (locked: boolean) => ReactNode }) {
  const strings = useStrings();
  const format = useFormat();
  const left = until - useNow(1_000);
  return (
    <>
      <div className="rounded-xl bg-warn-soft p-3 text-center">
        {left > 0 ? (
          // A screen reader would read the time every second.
          <p role="timer" aria-live="off">
            {strings.start.lockedFor(format.clock(left))}
          </p>
        ) : (
          <p role="status">{strings.start.lockedOver}</p>
        )}
      </div>
      {rest(left > 0)}
    </>
  );
}
