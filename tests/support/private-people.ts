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

/** Waits for what no single event tells. */
export async function until(condition: () => boolean, what: string, milliseconds = WAIT_MS): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Everything that a folder keeps, as bytes. */
export function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

/** A real client on real files, with everything that it told. */
export class PrivatePerson {
  readonly events: NumberedEvent[] = [];
  client!: Client;
  #profile!: Profile;

  private constructor(
    readonly name: string,
    readonly data: string,
    private readonly port: number,
  ) {}

  /** Somebody with a new account and a folder of their own, signed in. */
  static async join(name: string, port: number, data = mkdtempSync(join(tmpdir(), 'aside-private-'))) {
    const person = new PrivatePerson(name, data, port);
    person.#open();
    await person.must('session.register', { username: name, password: PASSWORD });
    return person;
  }

  /** The same account from a computer that has nothing of it yet: another device identity. */
  async onAnotherComputer(): Promise<PrivatePerson> {
    const person = new PrivatePerson(this.name, mkdtempSync(join(tmpdir(), 'aside-private-')), this.port);
    person.#open();
    await person.must('session.signIn', { username: this.name, password: PASSWORD, takeOver: true });
    return person;
  }

  /** The program ends without signing out, and starts again. */
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
    if (!outcome.ok) throw new Error(outcome.failure.text);
    return outcome.result;
  }

  /** The reason of a refusal. */
  async refusal<K extends CommandName>(name: K, params: CommandParams<K>): Promise<string> {
    const outcome = await this.client.run(name, params);
    return outcome.ok ? 'none' : outcome.failure.reason;
  }

  with(other: PrivatePerson): PrivateConversation | undefined {
    return this.client.snapshot().privateSessions.find(({ username }) => username === other.name);
  }

  stateWith(other: PrivatePerson): string | undefined {
    return this.with(other)?.state.state;
  }

  pathWith(other: PrivatePerson): string | undefined {
    const state = this.with(other)?.state;
    return state?.state === 'open' ? state.path.kind : undefined;
  }

  say(other: PrivatePerson, text: string): Promise<unknown> {
    return this.must('private.say', { username: other.name, text });
  }

  /** Told aside by somebody, in order. */
  heardFrom(other: PrivatePerson): string[] {
    return this.#told('private.message').flatMap(({ message }) =>
      message.incoming && message.username === other.name ? [message.text] : [],
    );
  }

  /** How much of what was said to somebody has arrived. */
  deliveredTo(other: PrivatePerson): number {
    const told = this.#told('private.delivered').filter(({ username }) => username === other.name);
    return told.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** How private sessions ended, in order: reason and by whom. */
  get endings(): string[] {
    return this.#told('private.changed').flatMap(({ session: { state } }: { session: PrivateSessionView }) =>
      state.state === 'ended' ? [`${state.ending.reason} by ${state.ending.by}`] : [],
    );
  }

  /** Ordinary messages that came in. */
  get messages(): string[] {
    return this.#told('message.added').flatMap(({ message }) =>
      message.incoming && message.isPrivate !== true ? [message.text] : [],
    );
  }

  get history(): Ports['history'] {
    return this.#profile.ports.history;
  }

  #told<K extends NumberedEvent['name']>(name: K) {
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
      // The same sockets, kept on this machine.
      transport: (relay) => ({
        ...peerTransport({ relay, listenHost: '127.0.0.1' }),
        localAddresses: () => [{ address: '127.0.0.1' }],
      }),
    };
    this.client = createClient({ ...ports, peers }, { server, plaintext: false, device, username: this.name });
    this.client.subscribe((event) => this.events.push(event));
  }
}

/** Asks, says yes, and waits until both are talking. */
export async function aside(initiator: PrivatePerson, other: PrivatePerson): Promise<void> {
  await initiator.must('private.ask', { username: other.name, note: 'a word?' });
  await until(() => other.stateWith(initiator) === 'asked', `${other.name} is asked`);
  await other.must('private.answer', { username: initiator.name, accept: true });
  await until(
    () => initiator.stateWith(other) === 'open' && other.stateWith(initiator) === 'open',
    'open on both sides',
  );
}
