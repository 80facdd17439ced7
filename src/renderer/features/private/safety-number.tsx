import qrcode from 'qrcode-generator';
import { useEffect, useMemo, useState } from 'react';
import type { CommandResult } from '../../../shared/client-api/contract.ts';
import { isIdentityChanged } from '../../store/private-sessions.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';

type SafetyNumber = CommandResult<'private.safetyNumber'>;

/** The safety number with a user (F8); undefined without one. Read again when a private session changes. */
function useSafetyNumber(username: string): [SafetyNumber | undefined, (changed: SafetyNumber) => void] {
  const actions = useActions();
  const [number, setNumber] = useState<SafetyNumber>();
  const aside = useAppState(({ view }) => view.privateSessions.find((talk) => talk.username === username)?.state);
  const changed = useAppState(({ view }) => isIdentityChanged(view, username));
  useEffect(() => {
    let wanted = true;
    const read = async () => {
      const outcome = await actions.client.run('private.safetyNumber', { username });
      if (wanted) setNumber(outcome.ok ? outcome.result : undefined);
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [actions, username, aside, changed]);
  return [number, setNumber];
}

function Digits({ digits, columns }: { digits: string; columns: string }) {
  return (
    <p
      dir="ltr"
      className={`grid ${columns} gap-x-3 font-mono text-[0.85rem] leading-relaxed tracking-wide tabular-nums`}
    >
      {digits.split(' ').map((group, place) => (
        <span key={place}>{group}</span>
      ))}
    </p>
  );
}

function Trust({ trust }: { trust: SafetyNumber['trust'] }) {
  const strings = useStrings();
  if (trust === 'verified') {
    return (
      <span className="flex items-center gap-1 text-[0.78rem] font-semibold">
        <Icon name="check" className="size-4 text-ok" />
        {strings.aside.verified}
      </span>
    );
  }
  const changed = trust === 'changed';
  return (
    <span className={`text-[0.78rem] ${changed ? 'font-semibold text-bad' : 'text-warn'}`}>
      {changed ? strings.aside.changedShort : strings.aside.notVerified}
    </span>
  );
}

/** The safety number in the details of a user. */
export function SafetyNumberCard({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const [number] = useSafetyNumber(username);
  return (
    <section className="card" aria-labelledby="safety-number">
      <h2 id="safety-number" className="mb-2 text-[0.78rem] font-semibold text-ink-2">
        {strings.aside.safetyNumber}
      </h2>
      {number === undefined ? (
        <p className="text-[0.78rem] text-ink-2">{strings.aside.safetyUnknown}</p>
      ) : (
        <>
          <Digits digits={number.digits} columns="grid-cols-3" />
          <div className="mt-2 flex items-center gap-3">
            <Button onClick={() => actions.overlay.show({ kind: 'safety-number', username })}>
              {strings.aside.compare}
            </Button>
            <Trust trust={number.trust} />
          </div>
        </>
      )}
    </section>
  );
}

/** Shows digits and QR code to compare, and stores the result. */
export function SafetyNumberDialog({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const [number, setNumber] = useSafetyNumber(username);
  const close = () => actions.overlay.close();
  const verify = async (verified: boolean) => {
    const outcome = await actions.client.run('private.verify', { username, verified });
    if (!outcome.ok) actions.toasts.showFailure(outcome.failure);
    else if (number !== undefined) setNumber({ ...number, trust: outcome.result.trust });
  };
  const accept = async () => {
    if (await actions.client.attempt('private.acceptIdentity', { username })) close();
  };
  return (
    <Dialog title={strings.aside.safetyTitle(username)} onClose={close} width="narrow">
      <div className="grid gap-4 px-5 pb-5">
        {number === undefined ? (
          <p>{strings.aside.safetyUnknown}</p>
        ) : (
          <>
            {number.trust === 'changed' ? (
              <p className="rounded-xl bg-bad p-3 font-semibold text-white dark:text-black">
                {strings.aside.identityChanged(username)}
              </p>
            ) : null}
            <p className="text-ink-2">{strings.aside.safetyText(username)}</p>
            <div className="flex flex-wrap items-center justify-center gap-5">
              <QrCode text={number.digits} />
              <Digits digits={number.digits} columns="grid-cols-3" />
            </div>
            <DialogActions>
              <span className="me-auto self-center">
                <Trust trust={number.trust} />
              </span>
              {number.trust === 'changed' ? (
                <Button look="danger" onClick={() => void accept()}>
                  {strings.aside.acceptIdentity}
                </Button>
              ) : number.trust === 'verified' ? (
                <Button onClick={() => void verify(false)}>{strings.aside.unmark}</Button>
              ) : (
                <Button look="primary" onClick={() => void verify(true)}>
                  {strings.aside.markVerified}
                </Button>
              )}
            </DialogActions>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Dark on light in every theme, with a margin, because cameras need that. */
function QrCode({ text }: { text: string }) {
  const strings = useStrings();
  const path = useMemo(() => {
    const code = qrcode(0, 'M');
    code.addData(text.replaceAll(' ', ''), 'Numeric');
    code.make();
    const count = code.getModuleCount();
    let modules = '';
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++)
        if (code.isDark(row, column)) modules += `M${column + 4} ${row + 4}h1v1h-1z`;
    }
    return { modules, size: count + 8 };
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={strings.aside.qr}
      viewBox={`0 0 ${path.size} ${path.size}`}
      className="size-40 rounded-xl bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path.modules} fill="black" />
    </svg>
  );
}
