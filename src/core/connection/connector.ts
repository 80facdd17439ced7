import { CLIENT_LIMITS } from '../../shared/limits.ts';
import type { ConnectionState, Problem } from '../../shared/client-api/connection-state.ts';
import { clientFailure, type Failure, failed, type Outcome } from '../../shared/client-api/failure.ts';
import type { Device } from '../../shared/protocol/ids.ts';
import type { Result, ServerNotification, ServerParams } from '../../shared/protocol/messages.ts';
import type { Pin, Ports, Timer } from '../ports.ts';
import { afterEnd, endAsFailure, rejection } from './after-disconnect.ts';
import { BackOff } from './back-off.ts';
import { dialTrusted, type TrustPolicy } from './dial-trusted.ts';
import { rememberServerId } from './recognize-server.ts';
import { RpcConnection, type RpcConnectionEnd } from './rpc-connection.ts';

/** Credentials of a sign-in or registration. */
export type SignInCredentials =
  | { readonly kind: 'token' }
  | { readonly kind: 'password'; readonly username: string; readonly password: string; readonly takeOver: boolean }
  | { readonly kind: 'register'; readonly username: string; readonly password: string; readonly invite?: string };

export type SignedIn = Result<'session.signIn'>;

/** Receives the changes of the connection, while the line that caused them is read. */
export interface ConnectorHandler {
  stateChanged(state: ConnectionState): void;
  pinned(pin: Pin, replaced: boolean): void;
  notification(notification: ServerNotification): void;
  chunkEnd(): void;
  online(result: SignedIn, resumed: boolean): void;
  /** No longer online; every pending request has failed. */
  offline(): void;
}

/** One attempt to sign in. Without `done` no command waits for the outcome, and the client keeps trying. */
interface Login {
  readonly credentials: SignInCredentials;
  readonly done?: (outcome: Outcome<SignedIn>) => void;
}

/**
 * State machine of the connection to the server: dial, greeting, sign-in or resume, online; after a loss, back-off and
 * the same again (B4, G7). Its state is one `ConnectionState`.
 */
export class Connector {
  #state: ConnectionState = { state: 'idle' };
  #connection: RpcConnection | undefined;
  #login: Login | undefined;
  #farewell: ServerParams<'session.ended'> | undefined;
  #token: string | undefined;
  #retry: Timer | undefined;
  #onlineSince = 0;
  /** Connections in a row that ended soon after they were online. */
  #shortLives = 0;
  #openedAt = 0;
  #presentUntil = 0;
  readonly #backOff = new BackOff();

  constructor(
    private readonly ports: Ports,
    private readonly policy: TrustPolicy,
    private readonly device: Device,
    private readonly handler: ConnectorHandler,
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** The signed-in connection, if there is one. */
  get onlineConnection(): RpcConnection | undefined {
    return this.#state.state === 'online' ? this.#connection : undefined;
  }

  /** Makes one attempt with a password. After a success the client reconnects by itself. */
  signIn(credentials: Exclude<SignInCredentials, { kind: 'token' }>, done: (outcome: Outcome<SignedIn>) => void): void {
    if (this.#state.state === 'online') {
      done(failed('already-signed-in'));
    } else if (this.#login?.done !== undefined) {
      done(failed('already-trying'));
    } else {
      this.#abandon();
      this.#backOff.reset();
      this.#open({ credentials, done });
    }
  }

  /** Signs in with the stored token and keeps trying. @returns why there is no attempt at all */
  resume(): Failure | undefined {
    if (this.#state.state === 'online' || this.#login !== undefined) return undefined;
    if (this.#readToken() === undefined) return clientFailure('no-token');
    this.#abandon();
    this.#backOff.reset();
    this.#open({ credentials: { kind: 'token' } });
    return undefined;
  }

  /** A sign of the user: delays stay short for some time, and a wait between two attempts ends (G7). */
  userPresent(): void {
    const now = this.ports.clock.now();
    this.#presentUntil = now + CLIENT_LIMITS.presentMs;
    if (this.#state.state === 'waiting-to-reconnect' && this.#isDue(now)) this.tryNow();
  }

  /** Starts the next attempt at once; if online, tests the connection. */
  tryNow(): void {
    this.#presentUntil = this.ports.clock.now() + CLIENT_LIMITS.presentMs;
    this.onlineConnection?.check();
    if (this.#state.state !== 'waiting-to-reconnect') return;
    this.#abandon();
    this.#open({ credentials: { kind: 'token' } });
  }

  /** Accepts a changed certificate and, with a token, connects. */
  acceptCertificate(fingerprint: string): void {
    this.policy.acceptedFingerprint = fingerprint;
    if (this.#state.state !== 'untrusted') return;
    if (this.resume() !== undefined) this.#setState({ state: 'idle' });
  }

  /** Signs out at the server (B6), if it is reached in time, and forgets the token. */
  signOut(done: () => void): void {
    const connection = this.onlineConnection;
    let finished = false;
    const finish = () => {
      if (finished) return;
      finished = true;
      deadline?.cancel();
      if (this.#connection === connection) this.#leave({ state: 'signed-out', reason: 'by-you' });
      done();
    };
    const deadline = connection === undefined ? undefined : this.ports.clock.after(CLIENT_LIMITS.signOutMs, finish);
    this.#forgetToken();
    if (connection === undefined) {
      this.#abandon();
      this.#setState({ state: 'signed-out', reason: 'by-you' });
      done();
    } else {
      connection.request('session.signOut', {}, finish);
    }
  }

  /** Ends the connection without signing out: the program closes, the token stays valid. */
  stop(): void {
    if (this.#state.state === 'online') this.#leave({ state: 'idle' });
    else if (this.#connection !== undefined || this.#retry !== undefined) {
      this.#abandon();
      this.#setState({ state: 'idle' });
    }
  }

  /** Drops the connection for a reason of this client; it reconnects as after any loss. */
  drop(problem: Problem): void {
    this.#connection?.drop(problem);
  }

  /** The account is deleted (B7): the client does not reconnect. */
  accountDeleted(): void {
    this.#forgetToken();
    this.#leave({ state: 'signed-out', reason: 'account-deleted' });
  }

  /** The server has sent its greeting: its id belongs to the pinned certificate, and the next step is to sign in. */
  greeted(serverId: string): void {
    if (!this.policy.plaintext) rememberServerId(this.ports.pins, this.policy.server, serverId);
    const connection = this.#connection;
    const login = this.#login;
    if (connection === undefined || login === undefined) return;
    this.#setState({ state: 'signing-in' });
    const answered = (outcome: Outcome<SignedIn>) => this.#answered(connection, login, outcome);
    const { credentials } = login;
    const device = this.device;
    switch (credentials.kind) {
      case 'token':
        this.#resumeOn(connection, login);
        return;
      case 'password': {
        const { username, password, takeOver } = credentials;
        connection.request(
          'session.signIn',
          { username, password, device, ...(takeOver ? { takeOver } : {}) },
          answered,
        );
        return;
      }
      case 'register': {
        const { kind: _kind, ...account } = credentials;
        connection.request('account.register', { ...account, device }, answered);
        return;
      }
    }
  }

  /** Keeps the reason that the server gives before it closes the connection. */
  sessionEnded(farewell: ServerParams<'session.ended'>): void {
    this.#farewell = farewell;
  }

  #open(login: Login): void {
    this.#retry = undefined;
    this.#login = login;
    this.#farewell = undefined;
    this.#openedAt = this.ports.clock.now();
    this.#setState({ state: 'connecting', attempt: this.#backOff.attempts + 1 });
    const { clock, dialer, pins } = this.ports;
    const pinned = (pin: Pin, replaced: boolean) => this.handler.pinned(pin, replaced);
    const connection: RpcConnection = new RpcConnection(
      (link) => dialTrusted(dialer, pins, this.policy, pinned, link),
      clock,
      {
        notification: (notification) => {
          if (this.#connection === connection) this.handler.notification(notification);
        },
        chunkEnd: () => {
          if (this.#connection === connection) this.handler.chunkEnd();
        },
        closed: (end) => {
          if (this.#connection === connection) this.#closed(end);
        },
      },
    );
    this.#connection = connection;
  }

  #resumeOn(connection: RpcConnection, login: Login): void {
    const token = this.#readToken();
    if (token === undefined) {
      this.#leave({ state: 'signed-out', reason: 'token-invalid' });
      return;
    }
    connection.request('session.resume', { token, device: this.device }, (outcome) =>
      this.#answered(connection, login, outcome, true),
    );
  }

  #answered(connection: RpcConnection, login: Login, outcome: Outcome<SignedIn>, resumed = false): void {
    if (this.#connection !== connection || this.#login !== login) return;
    if (outcome.ok) {
      this.#keepToken(outcome.result.token);
      this.#login = undefined;
      this.#onlineSince = this.ports.clock.now();
      this.#backOff.reset();
      this.#setState({ state: 'online', since: this.#onlineSince });
      this.handler.online(outcome.result, resumed);
      login.done?.(outcome);
      return;
    }
    const { failure } = outcome;
    // The end of the connection follows, with the reason.
    if (failure.reason === 'connection-lost') return;
    if (login.credentials.kind === 'token') this.#tokenRefused(failure);
    else if (failure.reason === 'already-online' && !resumed && this.#readToken() !== undefined) {
      // The other session may be this client's lost one, which the server still counts; the token replaces only that (B3).
      connection.request('session.resume', { token: this.#readToken() ?? '', device: this.device }, (second) => {
        this.#answered(connection, login, second.ok ? second : outcome, true);
      });
    } else this.#leave({ state: 'idle' }, failure);
  }

  #tokenRefused(failure: Failure): void {
    switch (failure.reason) {
      case 'token-invalid':
        this.#forgetToken();
        this.#leave({ state: 'signed-out', reason: 'token-invalid' });
        return;
      case 'already-online':
      case 'locked': {
        const { retryAfterMs } = failure;
        this.#leave({
          state: 'signed-out',
          reason: failure.reason,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        });
        return;
      }
      default:
        this.#connection?.close();
        this.#connection = undefined;
        this.#retryLater(rejection(failure), failure.retryAfterMs ?? 0);
    }
  }

  #closed(end: RpcConnectionEnd): void {
    const wasOnline = this.#state.state === 'online';
    const login = this.#login;
    const farewell = this.#farewell;
    this.#connection = undefined;
    this.#login = undefined;
    if (wasOnline) {
      const wasShort = this.ports.clock.now() - this.#onlineSince < CLIENT_LIMITS.shortLifeMs;
      this.#shortLives = wasShort ? this.#shortLives + 1 : 0;
    }
    const next = afterEnd(end, farewell);
    if (next.kind === 'stop') {
      if (farewell?.reason === 'account-deleted') this.#forgetToken();
      this.#setState(next.state);
    } else if (login?.done !== undefined) this.#setState({ state: 'idle' });
    else this.#retryLater(next.problem, Math.max(next.atLeastMs, this.#shortLives > 1 ? CLIENT_LIMITS.shortLifeMs : 0));
    if (wasOnline) this.handler.offline();
    login?.done?.({ ok: false, failure: endAsFailure(end, farewell) });
  }

  #retryLater(problem: Problem, atLeastMs: number): void {
    const { clock, random } = this.ports;
    this.#login = undefined;
    const isPresent = clock.now() < this.#presentUntil;
    const atMostMs = isPresent ? CLIENT_LIMITS.backOffPresentMs : CLIENT_LIMITS.backOffMaxMs;
    const delay = this.#backOff.next(random.fraction(), atMostMs, atLeastMs);
    this.#setState({
      state: 'waiting-to-reconnect',
      until: clock.now() + delay,
      attempt: this.#backOff.attempts,
      problem,
    });
    this.#retry = clock.after(delay, () => this.#open({ credentials: { kind: 'token' } }));
  }

  /** Whether the last attempt is long enough ago; also if the clock was set back. */
  #isDue(now: number): boolean {
    return Math.abs(now - this.#openedAt) >= CLIENT_LIMITS.attemptMs;
  }

  /** Ends the current connection by a decision of this client. */
  #leave(state: ConnectionState, failure: Failure = clientFailure('connection-lost')): void {
    const wasOnline = this.#state.state === 'online';
    const connection = this.#connection;
    const login = this.#login;
    this.#connection = undefined;
    this.#login = undefined;
    connection?.close();
    this.#setState(state);
    if (wasOnline) this.handler.offline();
    login?.done?.({ ok: false, failure });
  }

  /** Cancels an attempt or a wait; only a command that waits for the attempt gets a failure. */
  #abandon(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
    const { done } = this.#login ?? {};
    this.#login = undefined;
    this.#connection?.drop({ kind: 'lost' });
    this.#connection = undefined;
    done?.(failed('superseded'));
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.handler.stateChanged(state);
  }

  #readToken(): string | undefined {
    if (this.#token !== undefined) return this.#token;
    try {
      this.#token = this.ports.secrets.readToken();
    } catch {
      // An unreadable token counts as missing: the user signs in with the password.
    }
    return this.#token;
  }

  /** Stores the new token first of all; if that is lost, the old one is valid for 60 s more (B4). */
  #keepToken(token: string): void {
    this.#token = token;
    try {
      this.ports.secrets.writeToken(token);
    } catch {
      // The token is valid until the program ends. The next start asks for the password.
    }
  }

  #forgetToken(): void {
    this.#token = undefined;
    try {
      this.ports.secrets.writeToken(undefined);
    } catch {
      // The server has ended or will end its validity.
    }
  }
}
