import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/core/client.ts';
import { openProfile, type Profile } from '../../src/node/profile.ts';
import { freePort, type RunningServer, startServer } from '../support/server-process.ts';

const PASSWORD = 'correct horse';
const undo: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'aside-real-'));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A server that tests kill and start again on the same port and data. */
class StubbornServer {
  readonly dataFolder = folder();
  #port = 0;
  #server: RunningServer | undefined;

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    if (this.#port === 0) {
      this.#port = await freePort();
      undo.push(() => this.#server?.cleanUp());
    }
    this.#server = await startServer({ port: this.#port, dataFolder: this.dataFolder });
  }

  async kill(): Promise<void> {
    await this.#server?.killHard();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }
}

/** A client with real files. */
class RealClient {
  readonly shown: string[] = [];
  client: Client;
  #profile: Profile;

  constructor(
    private readonly data: string,
    private readonly port: number,
    readonly username: string,
  ) {
    [this.#profile, this.client] = this.#open();
    undo.push(() => this.close());
  }

  #open(): [Profile, Client] {
    const server = { host: '127.0.0.1', port: this.port };
    const profile = openProfile(this.data, server, this.username);
    const client = createClient(profile.ports, {
      server,
      plaintext: false,
      device: profile.device,
      username: this.username,
    });
    client.subscribe((event) => {
      if (event.name === 'message.added' && event.params.message.incoming) this.shown.push(event.params.message.text);
    });
    return [profile, client];
  }

  async register(): Promise<void> {
    const outcome = await this.client.run('session.register', { username: this.username, password: PASSWORD });
    expect(outcome.ok).toBe(true);
  }

  /** Ends the client without signing out and starts it again on the same files. */
  async restart(): Promise<void> {
    this.close();
    [this.#profile, this.client] = this.#open();
    expect((await this.client.run('session.resume', {})).ok).toBe(true);
  }

  close(): void {
    this.client.stop();
    this.#profile.close();
  }

  get stored(): string[] {
    const page = this.#profile.ports.history.page(
      `@${this.username === 'hans' ? 'kevin' : 'hans'}`,
      undefined,
      100_000,
    );
    return page.filter(({ incoming }) => incoming).map(({ text }) => text);
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('Two streams of messages survive repeated kills of the server: none lost, none twice, in order (D3, D4)', async () => {
  const server = new StubbornServer();
  await server.start();
  const data = folder();
  const [kevin, hans] = [new RealClient(data, server.port, 'kevin'), new RealClient(data, server.port, 'hans')];
  await Promise.all([kevin.register(), hans.register()]);

  const COUNT = 400;
  const write = async (from: RealClient, to: RealClient): Promise<void> => {
    for (let n = 0; n < COUNT; n++) {
      const outcome = await from.client.run('message.send', { to: to.username, text: `${from.username} ${n}` });
      expect(outcome.ok).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const writing = Promise.all([write(kevin, hans), write(hans, kevin)]);
  for (let round = 0; round < 3; round++) {
    await until(() => kevin.shown.length > (round + 1) * 60 || kevin.shown.length === COUNT, `round ${round}`);
    await server.kill();
    await server.start();
  }
  await writing;
  const expected = (from: string) => Array.from({ length: COUNT }, (_one, n) => `${from} ${n}`);
  await until(
    () =>
      hans.shown.length >= COUNT &&
      kevin.shown.length >= COUNT &&
      [kevin, hans].every((one) => one.client.snapshot().waiting === 0),
    'all messages delivered and answered',
  );
  expect(hans.shown).toEqual(expected('kevin'));
  expect(kevin.shown).toEqual(expected('hans'));
  expect(hans.stored).toEqual(expected('kevin'));
  expect(kevin.stored).toEqual(expected('hans'));
});

it('Recipient that restarts during a stream receives the rest from the mailbox, in order (D1, D3)', async () => {
  const server = new StubbornServer();
  await server.start();
  const data = folder();
  const [kevin, hans] = [new RealClient(data, server.port, 'kevin'), new RealClient(data, server.port, 'hans')];
  await Promise.all([kevin.register(), hans.register()]);
  const COUNT = 300;
  for (let n = 0; n < COUNT; n++) {
    await kevin.client.run('message.send', { to: 'hans', text: `kevin ${n}` });
    await new Promise((resolve) => setTimeout(resolve, 4));
    if (n % 75 === 40) await hans.restart();
  }
  await until(() => hans.shown.length >= COUNT && kevin.client.snapshot().waiting === 0, 'everything');
  expect(hans.shown).toEqual(Array.from({ length: COUNT }, (_one, n) => `kevin ${n}`));
});

it('Client reconnects to a stopped server after the time that the server asked for (A6, B4)', async () => {
  const server = new StubbornServer();
  await server.start();
  const kevin = new RealClient(folder(), server.port, 'kevin');
  await kevin.register();
  const token = () => kevin.client.snapshot().connection.state;
  await server.stop();
  await until(() => token() === 'waiting-to-reconnect', 'waiting');
  expect(kevin.client.snapshot().connection).toMatchObject({ problem: { kind: 'server-stopping' } });
  await server.start();
  await until(() => token() === 'online', 'online again');
});

it('Blacklist, presence and history of the client match a real server (C1-C4, E1, E2)', async () => {
  const server = new StubbornServer();
  await server.start();
  const data = folder();
  const [kevin, hans] = [new RealClient(data, server.port, 'kevin'), new RealClient(data, server.port, 'hans')];
  await kevin.register();
  await hans.register();
  await until(() => kevin.client.snapshot().people.some(({ username }) => username === 'hans'), 'hans online');
  expect(hans.client.snapshot().people.map(({ username }) => username)).toEqual(['kevin']);
  expect((await kevin.client.run('blacklist.add', { username: 'HANS' })).ok).toBe(true);
  expect(kevin.client.snapshot().blacklist).toEqual(['hans']);
  await hans.client.run('message.send', { to: 'kevin', text: 'hello?' });
  await until(() => hans.client.snapshot().waiting === 0, 'the refusal');
  const page = await hans.client.run('history.page', { conversation: '@kevin', limit: 1 });
  expect(page).toMatchObject({ result: { messages: [{ status: { state: 'refused', reason: 'blocked' } }] } });
  await until(() => hans.client.snapshot().people.length === 0, 'kevin invisible to hans');
  expect((await kevin.client.run('presence.history', { seconds: 60 })).ok).toBe(true);
});
