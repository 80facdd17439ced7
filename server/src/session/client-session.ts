import { CONNECTION_LIMITS, LIMITS, RATE_LIMITS } from '../../../src/shared/limits.ts';
import {
  decodeClientLine,
  encodeNotification,
  encodeResult,
  type RequestId,
} from '../../../src/shared/protocol/codec.ts';

import { encodeRefusal } from '../../../src/shared/text/encode-refusal.ts';
import { CLIENT_PARAMS, type ClientMethod, type ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { Reason, Refusal, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';
import { TokenBucket } from '../../../src/shared/token-bucket.ts';
import { PENDING, type CommandOutcome } from '../commands/outcome.ts';
import type { Services, AuthenticatedSession, UnauthenticatedSession } from '../commands/services.ts';
import { type Rate, SERVER_COMMANDS, type ServerCommand } from '../commands/table.ts';
import type { Verdict } from '../domain/pending-message.ts';
import { type Account, StorageError } from '../store/store.ts';
import type { Connection, ConnectionHandler } from '../transport/connection.ts';
import { AccountSession } from './account-session.ts';
import type { Departure } from './departure.ts';

/** A connection's access to the server. */
export interface SessionHost {
  readonly services: Services;
  hello(): string;
  /** The connection became the session of an account. */
  sessionStarted(session: AuthenticatedSession): void;
  sessionEnded(session: AuthenticatedSession, departure: Departure, lastAction: number): void;
  /** The connection has closed. */
  connectionClosed(session: ClientSession): void;
  /** Logs an unexpected error, which is a bug; clients never see it. */
  reportError(error: unknown): void;
  /** Runs a job after the current one. */
  defer(job: () => void): void;
}

type State =
  | { readonly kind: 'unauthenticated'; signInPending: boolean }
  | { readonly kind: 'authenticated'; readonly session: AccountSession; lastAction: number }
  | { readonly kind: 'closed' };

/** The departure that each end of a session implies. */
const DEPARTURES: Readonly<Record<SessionEndReason, Departure>> = {
  'timed-out': 'timed-out',
  replaced: 'replaced',
  locked: 'dropped',
  'server-stopping': 'stopping',
  'account-deleted': 'signed-out',
  'too-slow': 'dropped',
  protocol: 'dropped',
};

/** One connection from first to last line: unauthenticated, then authenticated, then closed. */
export class ClientSession implements ConnectionHandler, UnauthenticatedSession {
  readonly openedAt: number;
  lastHeard: number;
  lastSent: number;
  #state: State = { kind: 'unauthenticated', signInPending: false };
  #strikes = 0;
  #outstanding = 0;
  #tooSlow = false;
  /** `sentBytes` of the connection when it was looked at last, and when it was another number or not congested. */
  #progress: { bytes: number; at: number };
  /**
   * Notifications between a sign-in and its answer. They follow the answer, so that they match its list of online
   * users.
   */
  #deferredNotifications: string[] | undefined;
  readonly #requests: TokenBucket;

  constructor(
    private readonly connection: Connection,
    private readonly host: SessionHost,
  ) {
    this.openedAt = this.lastHeard = this.lastSent = host.services.now();
    const { requestsPerSecond, requestBurst, pauseMs } = RATE_LIMITS;
    this.#requests = new TokenBucket(requestsPerSecond, requestBurst, this.openedAt, pauseMs);
    this.#progress = { bytes: connection.sentBytes, at: this.openedAt };
    connection.setLineLimit(LIMITS.lineBytesBeforeSignIn);
    connection.send(host.hello());
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  /** Address and port as the server sees them, an IPv6 address in brackets. */
  get observed(): string {
    const { remoteAddress, remotePort } = this.connection;
    return remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** Time of the user's last action (B5); undefined before sign-in. */
  get lastAction(): number | undefined {
    return this.#state.kind === 'authenticated' ? this.#state.lastAction : undefined;
  }

  /** Whether the answer to a sign-in is still to come, for example because the password waits to be hashed. */
  get isSigningIn(): boolean {
    return this.#state.kind === 'unauthenticated' && this.#state.signInPending;
  }

  get isCongested(): boolean {
    return this.connection.unsentBytes >= CONNECTION_LIMITS.congestedBytes;
  }

  /** Whether the connection is congested and the network has taken nothing for `stallMs`. Called with every tick. */
  isStalled(now: number): boolean {
    const bytes = this.connection.sentBytes;
    if (this.isCongested && bytes === this.#progress.bytes) return now - this.#progress.at >= CONNECTION_LIMITS.stallMs;
    this.#progress = { bytes, at: now };
    return false;
  }

  line(line: Uint8Array): void {
    if (this.#state.kind === 'closed') return;
    this.lastHeard = this.host.services.now();
    const decoded = decodeClientLine(line);
    if (decoded.kind === 'refused') {
      this.#refuseLine(decoded.id, decoded.reason);
      return;
    }
    try {
      this.#dispatch(decoded.method, decoded.params, decoded.kind === 'request' ? decoded.id : undefined);
    } catch (error) {
      // A bug in one command ends this connection only, not the server.
      this.host.reportError(error);
      this.leave('dropped');
    }
  }

  overflow(): void {
    this.send(encodeRefusal(null, { reason: 'line-too-long' }));
    this.end('protocol');
  }

  drained(): void {
    if (this.#state.kind === 'authenticated') this.host.services.delivery.drained(this.#state.session.account.id);
  }

  closed(): void {
    this.#detach('dropped');
    this.host.connectionClosed(this);
  }

  authenticate(account: Account, deviceId: string, tokenFamily: string, lastAction: number): void {
    const session = new AccountSession(this, account, deviceId, tokenFamily);
    this.#state = { kind: 'authenticated', session, lastAction };
    this.#deferredNotifications = [];
    this.connection.setLineLimit(LIMITS.lineBytes);
    this.connection.signedIn();
    this.host.sessionStarted(session);
  }

  send(line: string): void {
    if (this.#state.kind === 'closed') return;
    if (this.#deferredNotifications) {
      this.#deferredNotifications.push(line);
      return;
    }
    this.lastSent = this.host.services.now();
    this.connection.send(line);
    if (this.#tooSlow || this.connection.unsentBytes <= CONNECTION_LIMITS.unsentBytes) return;
    this.#tooSlow = true;
    // Deferred: the line may be part of a loop over all sessions, and the end of this one notifies them in turn.
    this.host.defer(() => this.end('too-slow'));
  }

  /** Sends the reason, closes, and notifies the other sessions of the departure. */
  end(reason: SessionEndReason, retryAfterMs?: number, departure: Departure = DEPARTURES[reason]): void {
    if (this.#state.kind === 'closed') return;
    const params = retryAfterMs === undefined ? { reason } : { reason, retryAfterMs };
    this.connection.send(encodeNotification('session.ended', params));
    this.connection.close();
    this.#detach(departure);
  }

  /** Closes without `session.ended`: the client asked for it, or has got an error before sign-in. */
  leave(departure: Departure): void {
    this.connection.close();
    this.#detach(departure);
  }

  /** Sends a refusal that answers no request. */
  refuse(reason: Reason, retryAfterMs?: number): void {
    this.send(encodeRefusal(null, retryAfterMs === undefined ? { reason } : { reason, retryAfterMs }));
  }

  /** Answers a `message.send` whose verdict came later. */
  answerMessage(id: RequestId, verdict: Verdict, at: number): void {
    this.#outstanding--;
    if (verdict !== 'delivered' && verdict !== 'stored') {
      this.send(encodeRefusal(id, { reason: verdict }));
      return;
    }
    const quoted = typeof id === 'number' ? id : JSON.stringify(id);
    this.send(`{"jsonrpc":"2.0","id":${quoted},"result":{"status":"${verdict}","at":${at}}}\n`);
  }

  #detach(departure: Departure): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'authenticated') this.host.sessionEnded(state.session, departure, state.lastAction);
  }

  #dispatch<M extends ClientMethod>(method: M, params: object, id: RequestId | undefined): void {
    const command: ServerCommand<M> = SERVER_COMMANDS[method];
    const refusal = this.#precondition(command);
    if (refusal) {
      this.#answerRefusal(id, refusal);
      return;
    }
    const checked = CLIENT_PARAMS[method].safeParse(params);
    if (!checked.success) {
      this.#refuseLine(id ?? null, 'invalid-params');
      return;
    }
    if (id !== undefined && this.#outstanding >= LIMITS.requestsOutstanding) {
      this.#answerRefusal(id, { reason: 'too-many-requests' });
      return;
    }
    const outcome = this.#run(command, checked.data as ClientParams<M>, id);
    if (id !== undefined)
      this.#answer(id, outcome as CommandOutcome<object> | Promise<CommandOutcome<object>> | undefined);
  }

  /** Refusal of a command before its parameters are checked. */
  #precondition<M extends ClientMethod>(command: ServerCommand<M>): Refusal | undefined {
    const state = this.#state;
    if (command.access === 'unauthenticated' && state.kind === 'unauthenticated') {
      return state.signInPending ? { reason: 'slow-down', retryAfterMs: 1_000 } : undefined;
    }
    // Counted before any other refusal, so that refused requests count too.
    const retryAfterMs = this.#takeRate(command.access === 'unauthenticated' ? 'requests' : command.rate);
    if (retryAfterMs > 0) return { reason: 'slow-down', retryAfterMs };
    if (command.access === 'unauthenticated') return { reason: 'already-signed-in' };
    return command.access === 'authenticated' && state.kind !== 'authenticated'
      ? { reason: 'not-signed-in' }
      : undefined;
  }

  #takeRate(rate: Rate): number {
    const now = this.lastHeard;
    if (rate === 'none') return 0;
    if (rate === 'messages' && this.#state.kind === 'authenticated') {
      return this.host.services.rates.messages.take(this.#state.session.account.id, now);
    }
    return this.#requests.take(now);
  }

  #run<M extends ClientMethod>(command: ServerCommand<M>, params: ClientParams<M>, id: RequestId | undefined) {
    const state = this.#state;
    const { services } = this.host;
    if (command.access === 'any') return command.handle();
    if (command.access === 'unauthenticated') {
      if (state.kind === 'unauthenticated') state.signInPending = true;
      return command.handle(services, this, params);
    }
    if (state.kind !== 'authenticated') return undefined;
    if (command.action) state.lastAction = this.lastHeard;
    return command.handle(services, state.session, params, { connection: this, request: id ?? 0 });
  }

  #answer(id: RequestId, outcome: CommandOutcome<object> | Promise<CommandOutcome<object>> | undefined): void {
    if (outcome === PENDING) {
      this.#outstanding++;
      return;
    }
    if (!(outcome instanceof Promise)) {
      this.#write(id, outcome ?? { result: {} });
      return;
    }
    this.#outstanding++;
    outcome
      .catch((error: unknown): CommandOutcome<object> => {
        // A failed disk is no bug and is not logged here. Every other error is a bug with the same answer.
        if (!(error instanceof StorageError)) this.host.reportError(error);
        return { refusal: { reason: 'storage' } };
      })
      .then((settled) => {
        this.#outstanding--;
        if (this.#state.kind === 'unauthenticated') this.#state.signInPending = false;
        const deferred = this.#deferredNotifications ?? [];
        this.#deferredNotifications = undefined;
        this.#write(id, settled);
        for (const line of deferred) this.send(line);
      })
      .catch((error: unknown) => this.host.reportError(error));
  }

  #write(id: RequestId, outcome: CommandOutcome<object>): void {
    if (outcome === PENDING) return;
    if ('refusal' in outcome) {
      this.send(encodeRefusal(id, outcome.refusal));
      if (outcome.end) this.end(outcome.end.reason, outcome.end.retryAfterMs);
      return;
    }
    this.send(encodeResult(id, outcome.result));
    outcome.afterwards?.();
  }

  #answerRefusal(id: RequestId | undefined, refusal: Refusal): void {
    if (id !== undefined) this.send(encodeRefusal(id, refusal));
  }

  /** Answers a line that breaks the protocol; the last strike closes the connection. */
  #refuseLine(id: RequestId | null, reason: Reason): void {
    this.send(encodeRefusal(id, { reason }));
    // A newer client may use unknown methods, but not faster than the request rate.
    if (reason === 'unknown-method' && this.#requests.take(this.lastHeard) === 0) return;
    this.#strikes++;
    if (this.#strikes >= LIMITS.strikes) this.end('protocol');
  }
}
