import type { CommandName, CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { DEFAULT_PREFERENCES, type HostState, type ServerChoice } from '../../shared/client-api/host.ts';
import { emptyView } from '../../shared/client-api/reduce.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { LinkState, Port } from '../port/client-port.ts';
import type { SliceStore } from './slice-store.ts';
import type { ToastActions } from './toasts.ts';

const ACTIVITY_INTERVAL_MS = 5_000;
const OFFLINE_INTERVAL_MS = 1_000;

/** The window's projection of the client and of its host. */
export interface ClientState {
  readonly phase: 'loading' | 'ready';
  readonly link: LinkState;
  readonly view: ViewState;
  readonly hostState: HostState;
  /** The account was signed in since the window opened: if it is signed out then, the window doesn't show the start screen. */
  readonly sessionSeen: boolean;
  /** The start screen is signing the user in, and stays until that has succeeded. */
  readonly signingIn: boolean;
}

export type ClientSnapshot = Pick<ClientState, 'view' | 'hostState'>;

export function initialClient(): ClientState {
  return {
    phase: 'loading',
    link: 'connected',
    view: emptyView(),
    hostState: { kind: 'browser', version: '', lock: 'none', preferences: DEFAULT_PREFERENCES, drafts: {} },
    sessionSeen: false,
    signingIn: false,
  };
}

/**
 * Whether the account's history stays visible without a connection. It doesn't after the user has signed out: a user who
 * then mistypes the password is still at the start screen.
 * @param before whether it did until now
 */
export function sessionSeenAfter(before: boolean, { connection, conversations }: ViewState): boolean {
  switch (connection.state) {
    case 'online':
      return true;
    case 'signed-out':
      if (connection.reason === 'by-you' || connection.reason === 'account-deleted') return false;
      return before || conversations.length > 0;
    case 'idle':
    case 'connecting':
    case 'signing-in':
    case 'waiting-to-reconnect':
    case 'untrusted':
      return before;
  }
}

export type ScreenName = 'loading' | 'protecting' | 'locked' | 'start' | 'untrusted' | 'main';

/** The screen that fills the window. History stays visible while the user is only offline (G7). */
export function screenOf({ phase, hostState, view, signingIn, sessionSeen }: ClientState): ScreenName {
  const { connection, username, conversations } = view;
  if (phase === 'loading') return 'loading';
  if (hostState.protecting !== undefined) return 'protecting';
  if (hostState.lock === 'locked') return 'locked';
  if (signingIn) return 'start';
  switch (connection.state) {
    case 'untrusted':
      return 'untrusted';
    case 'online':
    case 'connecting':
    case 'signing-in':
    case 'waiting-to-reconnect':
      return username === undefined ? 'start' : 'main';
    case 'idle':
      return sessionSeen ? 'main' : 'start';
    case 'signed-out':
      if (connection.reason === 'by-you' || connection.reason === 'account-deleted') return 'start';
      return sessionSeen || conversations.length > 0 ? 'main' : 'start';
  }
}

export function isSameAccount(one: ClientSnapshot, other: ClientSnapshot): boolean {
  return one.view.username === other.view.username && isSameServer(one.hostState.server, other.hostState.server);
}

function isSameServer(one: ServerChoice | undefined, other: ServerChoice | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port && one?.plaintext === other?.plaintext;
}

/** The account that a draft or a message belongs to, as a key. */
export function accountKey({ view, hostState }: ClientSnapshot): string {
  return `${view.username ?? ''} ${hostState.server?.host ?? ''} ${hostState.server?.port ?? ''}`;
}

export class ClientActions {
  #lastActivity = 0;

  constructor(
    private readonly store: SliceStore<ClientState>,
    private readonly port: Port,
    private readonly toasts: ToastActions,
  ) {}

  run<K extends CommandName>(name: K, params: CommandParams<K>): Promise<Outcome<CommandResult<K>>> {
    return this.port.command(name, params);
  }

  /** Runs a command and shows its failure as a toast. @returns whether it succeeded */
  async attempt<K extends CommandName>(name: K, params: CommandParams<K>): Promise<boolean> {
    const outcome = await this.run(name, params);
    if (!outcome.ok) this.toasts.showFailure(outcome.failure);
    return outcome.ok;
  }

  /** Reports that the user is active (B5), at most once per interval. While offline, the client then reconnects (G7). */
  reportActivity(): void {
    const now = Date.now();
    const { state } = this.store.getState().view.connection;
    const isWaiting = state === 'waiting-to-reconnect';
    if (state !== 'online' && !isWaiting) return;
    if (now - this.#lastActivity < (isWaiting ? OFFLINE_INTERVAL_MS : ACTIVITY_INTERVAL_MS)) return;
    this.#lastActivity = now;
    void this.run('session.activity', {});
  }

  /** Ends a wait between two attempts to reconnect; if online, tests the connection (G7). */
  tryNow(): void {
    void this.run('session.tryNow', {});
  }

  setSigningIn(signingIn: boolean): void {
    this.store.setState({ signingIn });
  }
}
