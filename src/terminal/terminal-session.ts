import { type Client, createClient } from '../core/client.ts';
import { recognizeAddress } from '../core/connection/recognize-server.ts';
import { systemClock } from '../node/clock.ts';
import { nodeDialer } from '../node/dialer.ts';
import { knownServers, PinsFile } from '../node/pins-file.ts';
import { defaultClientFolder, hasProfile, openProfile, type Profile } from '../node/profile.ts';
import type { CommandResult, NumberedEvent } from '../shared/client-api/contract.ts';
import { isClockWrong } from '../shared/client-api/clock-offset.ts';
import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import type { Outcome } from '../shared/client-api/failure.ts';
import type { OutputEvent } from './output-event.ts';
import { toOutputEvent } from './to-output-event.ts';
import type { TerminalOptions } from './options.ts';
import { isPrivate, PrivateEventPrinter } from './private-event-printer.ts';
import type { UnlockedFolder } from './unlock.ts';

/** A state that the client does not leave by itself. */
export type FinalState = Extract<ConnectionState, { state: 'signed-out' | 'untrusted' }>;

/** A sign-in or registration with a password. */
export interface SignInChoice {
  readonly password: string;
  readonly register: boolean;
  readonly takeOver: boolean;
}

/** One account at the terminal: its profile, its client and its output events. */
export class TerminalSession {
  readonly client: Client;
  readonly #profile: Profile;
  #started: { username: string; waiting: number; resumed: boolean } | undefined;
  #clockReported = false;
  readonly #privateEvents = new PrivateEventPrinter();
  #onEnded: (ended: FinalState) => void = () => undefined;

  /** Whether the account has a profile on this computer; at another address of a known server, too (B8). */
  static async hasProfile(options: TerminalOptions, username: string, unlocked: UnlockedFolder): Promise<boolean> {
    const { host, port, plaintext, dataFolder = defaultClientFolder() } = options;
    await TerminalSession.#recognizeServer(options, unlocked);
    return hasProfile(dataFolder, { host, port, plaintext }, username, unlocked.vault);
  }

  /**
   * Opens the profile of the account; at another address of a known server, the profile that is there (B8).
   * @param report called with every output event
   * @throws ProfileError with a sentence for users
   */
  static async open(
    options: TerminalOptions,
    username: string,
    unlocked: UnlockedFolder,
    report: (output: OutputEvent) => void,
  ): Promise<TerminalSession> {
    await TerminalSession.#recognizeServer(options, unlocked);
    return new TerminalSession(options, username, unlocked, report);
  }

  static async #recognizeServer(options: TerminalOptions, { vault }: UnlockedFolder): Promise<void> {
    const { host, port, plaintext, dataFolder = defaultClientFolder() } = options;
    if (plaintext) return;
    const pins = new PinsFile(knownServers(dataFolder, vault?.cipherOf('')));
    // A disk that fails is reported when the profile is opened.
    await recognizeAddress({ dialer: nodeDialer, clock: systemClock, pins }, { host, port }).catch(() => undefined);
  }

  private constructor(
    readonly options: TerminalOptions,
    readonly username: string,
    { vault }: UnlockedFolder,
    private readonly report: (output: OutputEvent) => void,
  ) {
    const { host, port, plaintext, acceptCertificate, dataFolder, publicAddress } = options;
    const server = { host, port, plaintext };
    this.#profile = openProfile(dataFolder ?? defaultClientFolder(), server, username, { publicAddress, vault });
    try {
      this.client = createClient(this.#profile.ports, {
        server,
        plaintext,
        device: this.#profile.device,
        username,
        ...(acceptCertificate === undefined ? {} : { acceptCertificate }),
      });
    } catch (error) {
      this.#profile.close();
      throw error;
    }
    this.client.subscribe((event) => this.#onEvent(event));
  }

  get online(): boolean {
    return this.client.snapshot().connection.state === 'online';
  }

  /** Number of messages that the server has not answered. */
  get waiting(): number {
    return this.client.snapshot().waiting;
  }

  /** The same, with the private messages that the peer has not confirmed. */
  get #unsettled(): number {
    const { waiting, privateSessions } = this.client.snapshot();
    const underWay = privateSessions.map(({ lines }) => lines.filter(({ delivered }) => !delivered).length);
    return underWay.reduce((sum, count) => sum + count, waiting);
  }

  /** Calls when the session ends, unless the user signs out. */
  onEnded(call: (ended: FinalState) => void): void {
    this.#onEnded = call;
  }

  signIn({ password, register, takeOver }: SignInChoice): Promise<Outcome<CommandResult<'session.signIn'>>> {
    const { username } = this;
    if (!register) return this.client.run('session.signIn', { username, password, takeOver });
    const { invite } = this.options;
    return this.client.run('session.register', { username, password, ...(invite === undefined ? {} : { invite }) });
  }

  /**
   * Waits until at most `atMost` messages are unanswered.
   * @param milliseconds the longest wait
   * @returns false after the longest wait, or if the session has ended
   */
  async settled(atMost: number, milliseconds: number): Promise<boolean> {
    if (this.#unsettled <= atMost) return true;
    return await new Promise<boolean>((resolve) => {
      const finish = (settled: boolean) => {
        clearTimeout(timer);
        unsubscribe();
        resolve(settled);
      };
      const timer = setTimeout(() => finish(false), milliseconds);
      const unsubscribe = this.client.subscribe(() => {
        const { connection } = this.client.snapshot();
        if (this.#unsettled <= atMost) finish(true);
        else if (connection.state === 'signed-out' || connection.state === 'untrusted') finish(false);
      });
    });
  }

  /** Signs out and closes the files. */
  async leave(): Promise<void> {
    this.#onEnded = () => undefined;
    const { state } = this.client.snapshot().connection;
    if (state !== 'signed-out' && state !== 'idle' && state !== 'untrusted')
      await this.client.run('session.signOut', {});
    this.close();
  }

  /** Closes the client and its files without signing out. */
  close(): void {
    this.client.stop();
    this.#profile.close();
  }

  /** Reports once that the clock of this computer is wrong (D10). */
  #checkClock(offset: number): void {
    if (this.#clockReported || !isClockWrong(offset)) return;
    this.#clockReported = true;
    this.report({ event: 'clock', offset });
  }

  #onEvent(event: NumberedEvent): void {
    if (event.name === 'session.started') this.#started = event.params;
    else if (event.name === 'people.replaced' && this.#started !== undefined) {
      const online = event.params.people.map(({ username }) => username);
      this.report({ event: 'signed-in', ...this.#started, online });
      this.#started = undefined;
    }
    if (event.name === 'server.greeted') this.#checkClock(event.params.clockOffset);
    if (isPrivate(event)) {
      for (const output of this.#privateEvents.events(event)) this.report(output);
      return;
    }
    const output = toOutputEvent(event);
    if (output !== undefined) this.report(output);
    if (event.name === 'connection.changed') {
      const { connection } = event.params;
      if (connection.state === 'untrusted' || (connection.state === 'signed-out' && connection.reason !== 'by-you')) {
        this.#onEnded(connection);
      }
    }
  }
}
