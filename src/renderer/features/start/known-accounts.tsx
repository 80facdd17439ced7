import type { RememberedAccount } from '../../../shared/client-api/host.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { useAccounts } from './accounts.ts';
import { writeServer } from './server-address.ts';

/** Lists the remembered accounts. @param onTried called with the chosen account, which may need its password */
export function KnownAccounts({ onTried }: { onTried: (account: RememberedAccount) => void }) {
  const strings = useStrings();
  const actions = useActions();
  const { others } = useAccounts();
  if (others.length === 0) return null;
  const goOn = async (account: RememberedAccount) => {
    const outcome = await actions.host.run('host.chooseAccount', account);
    // The start screen shows the problem from the host state.
    if (outcome.ok) onTried(account);
  };
  return (
    <section aria-labelledby="known-accounts" className="my-6">
      <h2 id="known-accounts" className="mb-2 text-center text-[0.82rem] text-ink-2">
        {strings.accounts.goOnWith}
      </h2>
      <ul className="grid max-h-64 gap-1.5 overflow-y-auto p-1">
        {others.map((account) => (
          <li key={`${account.username} ${writeServer(account.server)}`}>
            <button
              type="button"
              onClick={() => void goOn(account)}
              className="card flex w-full items-center gap-3 p-2.5 text-start hover:bg-hover"
            >
              <Avatar name={account.username} size="small" />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {strings.accounts.goOnAs(account.username, writeServer(account.server))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
