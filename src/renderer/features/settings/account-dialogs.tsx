import { DEFAULT_SERVER, type RememberedAccount } from '../../../shared/client-api/host.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { useAccounts } from '../start/accounts.ts';
import { sameAccount, writeServer } from '../start/server-address.ts';

/**
 * Explains what switching means for the account in use: it is not signed out, so the user can come back without a
 * password. @param account undefined: an account that isn't remembered
 */
export function SwitchAccountDialog({ account }: { account: RememberedAccount | undefined }) {
  const strings = useStrings();
  const actions = useActions();
  const own = useAppState(({ view }) => view.username ?? '');
  const server = useAppState(({ hostState }) => hostState.server);
  const online = useAppState(({ view }) => view.connection.state === 'online');
  const aside = useAppState(({ view }) => view.privateSessions.length > 0);
  const waiting = useAppState(({ view }) => view.waiting > 0);
  const close = () => actions.overlay.close();
  const goOn = async () => {
    close();
    const outcome =
      account !== undefined
        ? await actions.host.run('host.chooseAccount', account)
        : await actions.host.run('host.chooseServer', server ?? DEFAULT_SERVER);
    if (!outcome.ok) actions.toasts.showFailure(outcome.failure);
  };
  const title =
    account === undefined
      ? strings.accounts.anotherTitle
      : strings.accounts.switchTitle(account.username, writeServer(account.server));
  return (
    <Dialog title={title} onClose={close} width="narrow">
      <div className="grid gap-3 px-5 pb-5">
        <p>{online ? strings.accounts.leaveOnline(own) : strings.accounts.leave(own)}</p>
        {aside ? <p className="text-warn">{strings.accounts.leaveAside}</p> : null}
        {waiting ? <p className="text-warn">{strings.accounts.leaveWaiting}</p> : null}
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          <Button look="primary" onClick={() => void goOn()}>
            {strings.accounts.goOn}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

/** Explains what stays after forgetting an account. The account in use is signed out first. */
export function ForgetAccountDialog({ account }: { account: RememberedAccount }) {
  const strings = useStrings();
  const actions = useActions();
  const { current } = useAccounts();
  const inUse = current !== undefined && sameAccount(current, account);
  const close = () => actions.overlay.close();
  const forget = async () => {
    close();
    if (inUse) await actions.client.run('session.signOut', {});
    const outcome = await actions.host.run('host.forgetAccount', account);
    if (!outcome.ok) actions.toasts.showFailure(outcome.failure);
  };
  return (
    <Dialog
      title={strings.accounts.forgetTitle(account.username, writeServer(account.server))}
      onClose={close}
      width="narrow"
    >
      <div className="grid gap-3 px-5 pb-5">
        <p>{inUse ? strings.accounts.forgetCurrent : strings.accounts.forgetOther}</p>
        <p>{inUse ? strings.accounts.forgetHistoryHere : strings.accounts.forgetHistory}</p>
        <DialogActions>
          <Button onClick={close} data-focus>
            {strings.cancel}
          </Button>
          {inUse ? (
            <Button onClick={() => actions.overlay.show({ kind: 'settings', page: 'history' })}>
              {strings.accounts.toHistory}
            </Button>
          ) : null}
          <Button look="destructive" onClick={() => void forget()}>
            {strings.accounts.forget}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
