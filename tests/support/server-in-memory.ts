import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { PasswordHasher } from '../../server/src/commands/services.ts';
import type { ServerConfig } from '../../server/src/config.ts';
import { nodeCrypto } from '../../server/src/node-crypto.ts';
import type { LogFields } from '../../server/src/ops/log.ts';
import { type AsideServer, createServer } from '../../server/src/server.ts';
import type { Connection, ConnectionHandler } from '../../server/src/transport/connection.ts';
import type { Device } from '../../src/shared/protocol/ids.ts';
import { LIMITS } from '../../src/shared/limits.ts';
import type {
  ClientNotification,
  ClientParams,
  RequestMethod,
  Result,
  ServerMethod,
  ServerParams,
} from '../../src/shared/protocol/messages.ts';
import { FakeClock } from './fake-clock.ts';
import { type FaultyStore, faultyStore } from './faulty-store.ts';
import { StoreFolder } from './store-folder.ts';
import { newDevice, PASSWORD, Refused, type ServerLine } from './wire-client.ts';

/** Real time that an answer may take before a test gives up. */
const WAIT_MS = 20_000;
const utf8 = new TextEncoder();
const anyKey = newDevice();

/** A device to sign in from. No test here depends on its key, so all devices have the same one. */
export function machine(name = 'test device'): Device {
  return { ...anyKey, id: randomUUID(), name };
}

/** Judges at once, and counts: it stands where argon2 does. */
export class FastHasher implements PasswordHasher {
  judged = 0;
  /** Turns everybody away, as a hasher with too much to do. */
  isBusy = false;
  /** Password checks wait for this promise. */
  gate: Promise<void> = Promise.resolve();

  async hash(password: string): Promise<string | undefined> {
    await nextTurn();
    return this.isBusy ? undefined : `hash of ${Buffer.from(password).toString('hex')}`;
  }

  async verify(encoded: string | undefined, password: string): Promise<boolean | undefined> {
    await nextTurn();
    await this.gate;
    if (this.isBusy) return undefined;
    this.judged++;
    return encoded === `hash of ${Buffer.from(password).toString('hex')}`;
  }
}

export interface InMemoryOptions {
  readonly config?: Partial<ServerConfig>;
  /** A data folder of an earlier server; it stays with its owner. */
  readonly folder?: StoreFolder;
  readonly clock?: FakeClock;
}

/** Starts a whole server without sockets, on a real store; all of it goes when the test ends, and bugs fail the test. */
export async function startInMemory(options: InMemoryOptions = {}): Promise<InMemoryServer> {
  const folder = options.folder ?? new StoreFolder();
  if (!options.folder) onTestFinished(() => folder.cleanUp());
  const server = await InMemoryServer.start(folder, options);
  onTestFinished(() => expect(server.bugs(), 'unexpected failures in the log').toEqual([]));
  return server;
}

export class InMemoryServer {
  readonly clients: MemoryClient[] = [];

  private constructor(
    readonly aside: AsideServer,
    readonly folder: StoreFolder,
    readonly clock: FakeClock,
    readonly disk: FaultyStore,
    readonly hasher: FastHasher,
    readonly log: { level: string; event: string; fields: LogFields }[],
    private readonly options: InMemoryOptions,
  ) {}

  static async start(folder: StoreFolder, options: InMemoryOptions): Promise<InMemoryServer> {
    const clock = options.clock ?? new FakeClock();
    const disk = faultyStore(await folder.open());
    const hasher = new FastHasher();
    const log: InMemoryServer['log'] = [];
    const at =
      (level: string) =>
      (event: string, fields: LogFields = {}) => {
        log.push({ level, event, fields });
      };
    const aside = await createServer({
      config: {
        port: 0,
        blockSeconds: 120,
        timeoutSeconds: 0,
        host: undefined,
        dataFolder: folder.path,
        tls: undefined,
        plaintext: false,
        registration: 'open',
        logLevel: 'debug',
        logFormat: 'json',
        metricsPort: undefined,
        importCredentials: undefined,
        messageRate: 100,
        ...options.config,
      },
      store: disk.store,
      log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') },
      clock,
      crypto: nodeCrypto,
      passwords: hasher,
    });
    return new InMemoryServer(aside, folder, clock, disk, hasher, log, options);
  }

  connect(options: ClientOptions = {}): MemoryClient {
    const client = new MemoryClient(this.aside, options);
    this.clients.push(client);
    return client;
  }

  /** Connects and registers. */
  async person(username: string, options: ClientOptions = {}): Promise<MemoryClient> {
    const client = this.connect(options);
    await client.register(username);
    return client;
  }

  /** Connects and signs in. */
  async signIn(username: string, options: ClientOptions = {}): Promise<MemoryClient> {
    const client = this.connect(options);
    await client.signIn(username);
    return client;
  }

  /** Registers a user and signs the user out again. */
  async absent(...usernames: string[]): Promise<void> {
    for (const username of usernames) await (await this.person(username)).signOut();
  }

  /** Until everything that was under way has been written, read and told. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await nextTurn();
      // Behind every write that was asked for before.
      await this.disk.store.markAlive(this.clock.now());
      await nextTurn();
    }
  }

  bugs(): string[] {
    return this.log.filter(({ event }) => event === 'bug').map(({ fields }) => String(fields['error']));
  }

  /** Ends as at a stop, with everybody told; the folder can be started again. */
  async stop(): Promise<void> {
    await this.aside.stop();
    await this.disk.store.close();
  }

  /** Starts again on the same folder, later by so much. The old one must have been stopped or killed. */
  async startAgain(afterMs = 0, config: Partial<ServerConfig> = {}): Promise<InMemoryServer> {
    this.clock.jump(afterMs);
    const options = { ...this.options, config: { ...this.options.config, ...config } };
    return startInMemory({ ...options, folder: this.folder, clock: new FakeClock(this.clock.now()) });
  }

  /** Ends as in a crash: committed data is there, and no client was notified. */
  async kill(): Promise<void> {
    await this.disk.store.close();
  }
}

export interface ClientOptions {
  readonly device?: Device;
  readonly address?: string;
  /** Confirm every message as soon as it comes. */
  readonly confirms?: boolean;
}

/** A connection in memory. It holds the server to its own limits. */
class MemoryConnection implements Connection {
  readonly remotePort = 0;
  unsentBytes = 0;
  lineLimit = 0;
  hasSignedIn = false;
  isClosing = false;
  /** Whether the other side has stopped reading. */
  isStuck = false;
  sentBytes = 0;

  constructor(
    readonly remoteAddress: string,
    private readonly receive: (line: string) => void,
    private readonly closed: () => void,
  ) {}

  send(line: string): void {
    if (this.isClosing) return;
    if (!line.endsWith('\n') || line.indexOf('\n') !== line.length - 1) throw new Error('not one line');
    const bytes = utf8.encode(line).length;
    if (bytes - 1 > LIMITS.lineBytes) throw new Error(`a line of ${bytes} bytes`);
    if (this.isStuck) this.unsentBytes += bytes;
    else this.sentBytes += bytes;
    this.receive(line);
  }

  setLineLimit(bytes: number): void {
    this.lineLimit = bytes;
  }

  signedIn(): void {
    this.hasSignedIn = true;
  }

  close(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    setImmediate(this.closed);
  }
}

interface Waiting {
  readonly wants: (line: ServerLine) => boolean;
  readonly take: (line: ServerLine) => void;
  readonly fail: (why: string) => void;
}

/** A client on a connection in memory: JSON lines, and nothing of the product's own client. */
export class MemoryClient {
  readonly device: Device;
  readonly connection: MemoryConnection;
  /** Everything the server sent, in order. */
  readonly lines: ServerLine[] = [];
  readonly closed: Promise<void>;
  isClosed = false;
  token = '';
  username = '';
  readonly #handler: ConnectionHandler;
  #unread: ServerLine[] = [];
  #waiting: Waiting[] = [];
  #nextId = 1;
  #gone = () => {};

  constructor(
    aside: AsideServer,
    private readonly options: ClientOptions,
  ) {
    this.device = options.device ?? machine();
    this.closed = new Promise((resolve) => {
      this.#gone = resolve;
    });
    this.connection = new MemoryConnection(
      options.address ?? '127.0.0.1',
      (line) => this.#receive(JSON.parse(line) as ServerLine),
      () => this.#end(),
    );
    this.#handler = aside.accept(this.connection);
  }

  /** Bytes of one line without LF, as a transport would hand them on. */
  sendRaw(line: string | Uint8Array): void {
    if (this.isClosed || this.connection.isClosing) return;
    const bytes = typeof line === 'string' ? utf8.encode(line) : line;
    if (bytes.length > this.connection.lineLimit) this.#handler.overflow();
    else this.#handler.line(bytes);
  }

  /** Hands on a line whatever has become of the connection, as a transport in the middle of a chunk might. */
  force(line: string): void {
    this.#handler.line(utf8.encode(line));
  }

  /** As `request`, with whatever method and parameters. */
  async call(method: string, params: unknown, id: string | number = this.#nextId++): Promise<unknown> {
    const answer = this.next((line) => line.id === id && line.method === undefined, `answer to ${method}`);
    this.sendRaw(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const line = await answer;
    if (line.error !== undefined) throw new Refused(method, line.error);
    return line.result;
  }

  /** Sends a request and waits for its answer. @throws Refused */
  async request<M extends RequestMethod>(method: M, params: ClientParams<M>): Promise<Result<M>> {
    return (await this.call(method, params)) as Result<M>;
  }

  /** Sends a request that must be refused. */
  async refusal<M extends RequestMethod>(method: M, params: ClientParams<M>): Promise<Refused> {
    return refusalOf(this.call(method, params));
  }

  notify<M extends ClientNotification>(method: M, params: ClientParams<M>): void {
    this.sendRaw(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Waits for the next matching line that was not taken yet. */
  async next(wants: (line: ServerLine) => boolean, what: string): Promise<ServerLine> {
    const index = this.#unread.findIndex(wants);
    const [here] = index < 0 ? [] : this.#unread.splice(index, 1);
    if (here) return here;
    if (this.isClosed) throw new Error(`the connection was closed before ${what} came`);
    return await new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const waiting: Waiting = {
        wants,
        take: (line) => {
          done();
          resolve(line);
        },
        fail: (why) => {
          done();
          reject(new Error(`${what}: ${why}`));
        },
      };
      const timer = setTimeout(() => waiting.fail(`nothing came within ${WAIT_MS} ms`), WAIT_MS);
      this.#waiting.push(waiting);
    });
  }

  /** Waits for the next notification of a method that was not taken yet. */
  async notification<M extends ServerMethod>(method: M): Promise<ServerParams<M>> {
    return (await this.next((line) => line.method === method, method)).params as ServerParams<M>;
  }

  /** Takes the received notifications of a method that were not taken yet. */
  take<M extends ServerMethod>(method: M): ServerParams<M>[] {
    const taken = this.#unread.filter((line) => line.method === method);
    this.#unread = this.#unread.filter((line) => line.method !== method);
    return taken.map((line) => line.params as ServerParams<M>);
  }

  /** Why the server ended the session, if it said so. */
  get ending(): ServerParams<'session.ended'> | undefined {
    const line = this.lines.find(({ method }) => method === 'session.ended');
    return line?.params as ServerParams<'session.ended'> | undefined;
  }

  async register(username: string, password = PASSWORD, invite?: string): Promise<Result<'account.register'>> {
    const params = { username, password, device: this.device, ...(invite === undefined ? {} : { invite }) };
    return this.#signedIn(await this.request('account.register', params));
  }

  async signIn(username: string, password = PASSWORD, takeOver?: boolean): Promise<Result<'session.signIn'>> {
    const params = { username, password, device: this.device, ...(takeOver === undefined ? {} : { takeOver }) };
    return this.#signedIn(await this.request('session.signIn', params));
  }

  async resume(token: string): Promise<Result<'session.resume'>> {
    return this.#signedIn(await this.request('session.resume', { token, device: this.device }));
  }

  /** Sends a message; what came of it. */
  async send(to: string, text: string, id: string = randomUUID()): Promise<Result<'message.send'>> {
    return await this.request('message.send', { id, to, text });
  }

  async signOut(): Promise<void> {
    await this.request('session.signOut', {});
    await this.closed;
  }

  /** As a cut network: gone without a word. */
  drop(): void {
    this.connection.isClosing = true;
    this.#end();
  }

  #signedIn(result: Result<'session.signIn'>): Result<'session.signIn'> {
    this.token = result.token;
    this.username = result.username;
    return result;
  }

  #receive(line: ServerLine): void {
    this.lines.push(line);
    const waiting = this.#waiting.find((other) => other.wants(line));
    if (waiting) waiting.take(line);
    else this.#unread.push(line);
    if (this.options.confirms && (line.method === 'message.new' || line.method === 'message.settled')) {
      const { n } = line.params as ServerParams<'message.new' | 'message.settled'>;
      // Not within the server's own call, as no network would.
      queueMicrotask(() => this.notify('message.confirm', { through: n }));
    }
  }

  #end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#handler.closed();
    for (const waiting of this.#waiting) waiting.fail('the connection was closed');
    this.#gone();
  }
}

/** Waits for a request to be refused, and gives the refusal. */
export async function refusalOf(request: Promise<unknown>): Promise<Refused> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
