import type { RememberedAccount } from '../../../shared/client-api/host.ts';
import { useRunAction } from '../../actions/use-actions.ts';
import { switchAccount } from '../../actions/user-actions.ts';
import { addAccount } from '../../actions/window-actions.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { useAccounts } from '../start/accounts.ts';
import { writeServer } from '../start/server-address.ts';

/** The remembered accounts: the user can switch to one, add one or forget one. */
export function AccountList() {
  const strings = useStrings();
  const run = useRunAction();
  const { current, others } = useAccounts();
  return (
    <section aria-labelledby="accounts-here" className="grid gap-2 border-t border-line pt-5">
      <h3 id="accounts-here" className="font-semibold">
        {strings.accounts.title}
      </h3>
      <ul className="grid gap-1">
        {current === undefined ? null : <Row account={current} current />}
        {others.map((account) => (
          <Row key={`${account.username} ${writeServer(account.server)}`} account={account} current={false} />
        ))}
      </ul>
      <Button onClick={() => run(addAccount, undefined)} className="justify-self-start">
        {addAccount.label(strings)}
      </Button>
    </section>
  );
}

function Row({ account, current }: { account: RememberedAccount; current: boolean }) {
  const strings = useStrings();
  const actions = useActions();
  const run = useRunAction();
  const { username } = account;
  const server = writeServer(account.server);
  return (
    <li className="flex flex-wrap items-center gap-3 py-1">
      <Avatar name={username} size="small" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{username}</span>
        <span dir="ltr" className="block text-[0.78rem] [overflow-wrap:anywhere] text-ink-2">
          {server}
        </span>
      </span>
      {current ? (
        <span className="text-[0.82rem] text-ink-2">{strings.accounts.inUse}</span>
      ) : (
        <Button aria-label={switchAccount.label(strings, account)} onClick={() => run(switchAccount, account)}>
          {strings.accounts.goOn}
        </Button>
      )}
      <Button
        look="danger"
        aria-label={strings.accounts.forgetAccount(username, server)}
        onClick={() => actions.overlay.show({ kind: 'forget-account', account })}
      >
        {strings.accounts.forget}
      </Button>
    </li>
  );
}
