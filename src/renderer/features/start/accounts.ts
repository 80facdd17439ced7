import { useMemo } from 'react';
import type { RememberedAccount } from '../../../shared/client-api/host.ts';
import { useAppState } from '../../ui/app-context.tsx';
import { sameAccount } from './server-address.ts';

export interface Accounts {
  /** The account whose client runs, signed in or not. */
  readonly current: RememberedAccount | undefined;
  /** The other remembered accounts, most recently used first. */
  readonly others: readonly RememberedAccount[];
}

/** The accounts that this computer remembers. */
export function useAccounts(): Accounts {
  const username = useAppState(({ view }) => view.username);
  const server = useAppState(({ hostState }) => hostState.server);
  const accounts = useAppState(({ hostState }) => hostState.accounts);
  return useMemo(() => {
    const current = username === undefined || server === undefined ? undefined : { server, username };
    const others = (accounts ?? []).filter((one) => current === undefined || !sameAccount(one, current));
    return { current, others };
  }, [username, server, accounts]);
}
