import { type Client, createClient } from '../core/client.ts';
import { defaultClientFolder, openProfile, type Profile } from '../node/profile.ts';
import type { CommandResult, NumberedEvent } from '../shared/client-api/contract.ts';
import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import type { Outcome } from '../shared/client-api/failure.ts';
import type { Happening } from './happening.ts';
import { happeningOf } from './happening-of.ts';
import type { TerminalOptions } from './options.ts';
import { isPrivate, PrivateTeller } from './private-teller.ts';
import type { Unlocked } from './unlock.ts';

/** A state in which the client does nothing more by itself. */
export type Ended = Extract<ConnectionState, { state: 'signed-out' | 'untrusted' }>;

/** How to get in with a password. */
export interface Entrance {
  readonly password: string;
  readonly register: boolean;
  readonly takeOver: boolean;
}

/** One account at the terminal: its profile, its client, and what happens there. */
export class Session {
  readonly client: Client;
  readonly #profile: Profile;
  #started: { username: string; waiting: number; resumed: boolean } | undefined;
  readonly #privately = new PrivateTeller();
  #onEnded: (ended: Ended) => void = () => undefined;

  /**
   * @param unlocked what opens the data folder
   * @param report is told everything that happens
   * @throws ProfileError with a sentence for people
   */
  constructor(
    readonly options: TerminalOptions,
    readonly username: string,
    { vault }: Unlocked,
    private readonly report: (happening: Happening) => void,
  ) {
    const { host, port, plaintext, acceptCertificate, dataFolder, publicAddress } = options;
    const server = { host, port };
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
    this.client.subscribe((event) => this.#happened(event));
  }

  get online(): boolean {
    return this.client.snapshot().connection.state === 'online';
  }

  /** Messages that the server has not answered. */
  get waiting(): number {
    return this.client.snapshot().waiting;
  }

  /** Messages whose fate is open: those, and what was said aside and not yet confirmed. */
  get #unsettled(): number {
    const { waiting, privateSessions } = this.client.snapshot();
    const underWay = privateSessions.map(({ lines }) => lines.filter(({ delivered }) => !delivered).length);
    return underWay.reduce((sum, count) => sum + count, waiting);
  }

  /** Calls when the session has ended for a reason other than the person's wish. */
  onEnded(call: (ended: Ended) => void): void {
    this.#onEnded = call;
  }

  signIn({ password, register, takeOver }: Entrance): Promise<Outcome<CommandResult<'session.signIn'>>> {
    const { username } = this;
    if (!register) return this.client.run('session.signIn', { username, password, takeOver });
    const { invite } = this.options;
    return this.client.run('session.register', { username, password, ...(invite === undefined ? {} : { invite }) });
  }

  /**
   * Waits until at most so many messages are without an answer.
   * @param milliseconds how long at most
   * @returns whether that came to be
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

  /** Signs out and lets go of the files. */
  async leave(): Promise<void> {
    this.#onEnded = () => undefined;
    const { state } = this.client.snapshot().connection;
    if (state !== 'signed-out' && state !== 'idle' && state !== 'untrusted')
      await this.client.run('session.signOut', {});
    this.close();
  }

  /** Lets go of everything without signing out. */
  close(): void {
    this.client.stop();
    this.#profile.close();
  }

  #happened(event: NumberedEvent): void {
    if (event.name === 'session.started') this.#started = event.params;
    else if (event.name === 'people.replaced' && this.#started !== undefined) {
      const online = event.params.people.map(({ username }) => username);
      this.report({ event: 'signed-in', ...this.#started, online });
      this.#started = undefined;
    }
    if (isPrivate(event)) {
      for (const happening of this.#privately.happenings(event)) this.report(happening);
      return;
    }
    const happening = happeningOf(event);
    if (happening !== undefined) this.report(happening);
    if (event.name === 'connection.changed') {
      const { connection } = event.params;
      if (connection.state === 'untrusted' || (connection.state === 'signed-out' && connection.reason !== 'by-you')) {
        this.#onEnded(connection);
      }
    }
  }
}
