import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Client, createClient } from '../../src/core/client.ts';
import type { Ports } from '../../src/core/ports.ts';
import { peerTransport } from '../../src/node/peer/peer-transport.ts';
import { openProfile, type Profile } from '../../src/node/profile.ts';
import type { CommandName, CommandParams, CommandResult, NumberedEvent } from '../../src/shared/client-api/contract.ts';
import type { PrivateSessionView, PrivateConversation } from '../../src/shared/client-api/private-view.ts';

const PASSWORD = 'correct horse';
const WAIT_MS = 20_000;

/** Waits for a condition without an event of its own. */
export async function until(condition: () => boolean, what: string, milliseconds = WAIT_MS): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The bytes of all files in a folder. */
export function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

/** A client with real files and all its events. */
export class PrivateUser {
  readonly events: NumberedEvent[] = [];
  client!: Client;
  #profile!: Profile;

  private constructor(
    readonly name: string,
    readonly data: string,
    private readonly port: number,
  ) {}

  /** Signs in a new account with its own folder. */
  static async join(name: string, port: number, data = mkdtempSync(join(tmpdir(), 'aside-private-'))) {
    const person = new PrivateUser(name, data, port);
    person.#open();
    await person.must('session.register', { username: name, password: PASSWORD });
    return person;
  }

  /** The same account on another computer, with another device identity. */
  async onAnotherComputer(): Promise<PrivateUser> {
    const person = new PrivateUser(this.name, mkdtempSync(join(tmpdir(), 'aside-private-')), this.port);
    person.#open();
    await person.must('session.signIn', { username: this.name, password: PASSWORD, takeOver: true });
    return person;
  }

  /** Ends the program without signing out and starts it again. */
  async restart(): Promise<void> {
    this.stop();
    this.#open();
    await this.must('session.resume', {});
    await until(() => this.online, `${this.name} is back`);
  }

  stop(): void {
    this.client.stop();
    this.#profile.close();
  }

  remove(): void {
    this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  get online(): boolean {
    return this.client.snapshot().connection.state === 'online';
  }

  async must<K extends CommandName>(name: K, params: CommandParams<K>): Promise<CommandResult<K>> {
    const outcome = await this.client.run(name, params);
    expect(outcome).toMatchObject({ ok: true });
    if (!outcome.ok) throw new Error(outcome.failure.reason);
    return outcome.result;
  }

  /** Runs a command that fails. @returns the reason */
  async refusal<K extends CommandName>(name: K, params: CommandParams<K>): Promise<string> {
    const outcome = await this.client.run(name, params);
    return outcome.ok ? 'none' : outcome.failure.reason;
  }

  with(other: PrivateUser): PrivateConversation | undefined {
    return this.client.snapshot().privateSessions.find(({ username }) => username === other.name);
  }

  stateWith(other: PrivateUser): string | undefined {
    return this.with(other)?.state.state;
  }

  pathWith(other: PrivateUser): string | undefined {
    const state = this.with(other)?.state;
    return state?.state === 'open' ? state.path.kind : undefined;
  }

  say(other: PrivateUser, text: string): Promise<unknown> {
    return this.must('private.say', { username: other.name, text });
  }

  /** Private texts from a user, in order. */
  heardFrom(other: PrivateUser): string[] {
    return this.#emitted('private.message').flatMap(({ message }) =>
      message.incoming && message.username === other.name ? [message.text] : [],
    );
  }

  /** Number of delivered private messages to a user. */
  deliveredTo(other: PrivateUser): number {
    const delivered = this.#emitted('private.delivered').filter(({ username }) => username === other.name);
    return delivered.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** Endings of private sessions, in order: reason and side. */
  get endings(): string[] {
    return this.#emitted('private.changed').flatMap(({ session: { state } }: { session: PrivateSessionView }) =>
      state.state === 'ended' ? [`${state.ending.reason} by ${state.ending.by}`] : [],
    );
  }

  /** Received ordinary messages. */
  get messages(): string[] {
    return this.#emitted('message.added').flatMap(({ message }) =>
      message.incoming && message.isPrivate !== true ? [message.text] : [],
    );
  }

  get history(): Ports['history'] {
    return this.#profile.ports.history;
  }

  #emitted<K extends NumberedEvent['name']>(name: K) {
    return this.events.flatMap((event) =>
      event.name === name ? [event.params as Extract<NumberedEvent, { name: K }>['params']] : [],
    );
  }

  #open(): void {
    const server = { host: '127.0.0.1', port: this.port };
    this.#profile = openProfile(this.data, server, this.name);
    const { ports, device } = this.#profile;
    const peers: Ports['peers'] = {
      ...ports.peers,
      // The real sockets, limited to this computer.
      transport: (relay) => ({
        ...peerTransport({ relay, listenHost: '127.0.0.1' }),
        localAddresses: () => [{ address: '127.0.0.1' }],
      }),
    };
    this.client = createClient({ ...ports, peers }, { server, plaintext: false, device, username: this.name });
    this.client.subscribe((event) => this.events.push(event));
  }
}

/** Opens a private session between two users. */
export async function openPrivateSession(initiator: PrivateUser, other: PrivateUser): Promise<void> {
  await initiator.must('private.ask', { username: other.name, note: 'a word?' });
  await until(() => other.stateWith(initiator) === 'asked', `${other.name} is asked`);
  await other.must('private.answer', { username: initiator.name, accept: true });
  await until(
    () => initiator.stateWith(other) === 'open' && other.stateWith(initiator) === 'open',
    'open on both sides',
  );
}
