import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ClientMethod } from '../../src/shared/protocol/messages.ts';
import { startServerHere } from '../support/server-in-process.ts';
import { type RunningServer, type ServerOptions, startServer } from '../support/server-process.ts';
import { type Address, type ConnectOptions, newDevice, PASSWORD, WireClient } from '../support/wire-client.ts';

/** A name that no other test has. */
export function newName(base = 'person'): string {
  return `${base}-${randomUUID().slice(0, 8)}`;
}

/** One server for a file's tests, and clients that go when their test ends. */
export interface Stage {
  readonly server: RunningServer;
  connect(options?: ConnectOptions): Promise<WireClient>;
  /** Connects and registers a new user. */
  person(base?: string, options?: ConnectOptions): Promise<WireClient>;
  /** Registers a user and signs out again. @returns the name */
  absent(base?: string): Promise<string>;
}

/**
 * Starts a server before the tests of a file (or of a `describe`) and ends it after them: in the process of the test, or the
 * built one as a process. `npm run test:all` runs each test on both stages.
 */
export function useServer(options: ServerOptions = {}): Stage {
  let server: RunningServer | undefined;
  const clients: WireClient[] = [];
  beforeAll(async () => {
    server = await (process.env.ASIDE_STAGE === 'memory' ? startServerHere(options) : startServer(options));
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.socket.destroy();
  });
  afterAll(async () => {
    await server?.cleanUp();
  });
  const stage: Stage = {
    get server() {
      if (server === undefined) throw new Error('the server is not running yet');
      return server;
    },
    async connect(connectOptions) {
      const client = await WireClient.connect(stage.server, connectOptions);
      clients.push(client);
      return client;
    },
    async person(base, connectOptions) {
      const client = await stage.connect(connectOptions);
      await client.register(newName(base));
      return client;
    },
    async absent(base) {
      const client = await stage.person(base);
      await client.signOut();
      return client.username;
    },
  };
  return stage;
}

/** Connects again with what another client had: its device, name and options. */
export async function connectAgain(server: Address, former: WireClient): Promise<WireClient> {
  return await WireClient.connect(server, { ...former.options, device: former.device });
}

/** Parameters that fit, for every method of a client. */
export function fittingParams(): { readonly [M in ClientMethod]: object } {
  const device = newDevice();
  const id = randomUUID();
  return {
    'account.register': { username: newName(), password: PASSWORD, device },
    'session.signIn': { username: newName(), password: PASSWORD, device },
    'session.resume': { token: 'no-such-token', device },
    'session.signOut': {},
    'session.ping': {},
    'session.activity': {},
    'account.changePassword': { password: PASSWORD, newPassword: `${PASSWORD}!` },
    'account.delete': { password: PASSWORD },
    'people.search': { prefix: 'x' },
    'presence.online': {},
    'presence.history': { seconds: 60 },
    'message.send': { id, to: 'nobody-here', text: 'hello' },
    'message.confirm': { through: 0 },
    'message.broadcast': { id, text: 'hello' },
    'typing.set': { to: 'nobody-here', typing: true },
    'blacklist.add': { username: 'nobody-here' },
    'blacklist.remove': { username: 'nobody-here' },
    'blacklist.list': {},
    'private.request': { sid: id, to: 'nobody-here', offer: 'AAAA' },
    'private.answer': { sid: id, accept: true, answer: 'AAAA' },
    'private.signal': { sid: id, payload: 'AAAA' },
    'private.cancel': { sid: id },
    'private.end': { sid: id },
    'private.relay': { sid: id },
  };
}

/** Runs a task for each item, so many at the same time; results in order. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
