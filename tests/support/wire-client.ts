import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type {
  ClientMethod,
  ClientNotification,
  ClientParams,
  RequestMethod,
  Result,
  ServerMethod,
  ServerParams,
} from '../../src/shared/protocol/messages.ts';
import type { Device } from '../../src/shared/protocol/ids.ts';

/**
 * A second, deliberately small client of the protocol: sockets and JSON lines, nothing of the product's own code
 * (only its types), so that both can't be wrong in the same way.
 */

const WAIT_MS = 20_000;
export const PASSWORD = 'correct horse battery';

/** One line from the server, as JSON. */
export interface ServerLine {
  readonly jsonrpc?: unknown;
  readonly id?: string | number | null;
  readonly result?: unknown;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data: { readonly reason: string; readonly retryAfterMs?: number; readonly attemptsLeft?: number };
  };
  readonly method?: string;
  readonly params?: unknown;
}

/** A refusal. `message` names method and reason, for the reader of a failed test. */
export class Refused extends Error {
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly attemptsLeft: number | undefined;
  readonly code: number;
  readonly sentence: string;

  constructor(method: string, error: NonNullable<ServerLine['error']>) {
    super(`${method} was refused: ${error.data.reason}`);
    this.reason = error.data.reason;
    this.retryAfterMs = error.data.retryAfterMs;
    this.attemptsLeft = error.data.attemptsLeft;
    this.code = error.code;
    this.sentence = error.message;
  }
}

/** Address and certificate of a server, for a client; `RunningServer` has them. */
export interface Address {
  readonly port: number;
  /** Without it there is no TLS. */
  readonly certificate: string | undefined;
}

export interface ConnectOptions {
  readonly device?: Device;
  /** Confirm every message as soon as it comes. */
  readonly autoConfirm?: boolean;
  readonly localAddress?: string;
  /** Names of ALPN to offer; default `aside/1`, none when empty. */
  readonly alpn?: readonly string[];
  /** Do not wait for the greeting. */
  readonly silent?: boolean;
}

export function newDevice(name = 'test device'): Device {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    id: randomUUID(),
    name,
    identityKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

interface Waiting {
  readonly wants: (line: ServerLine) => boolean;
  readonly take: (line: ServerLine) => void;
  readonly fail: (error: Error) => void;
}

export class WireClient {
  /** Everything the server sent on this connection, in order. */
  readonly lines: ServerLine[] = [];
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  readonly device: Device;
  /** The token of the newest sign-in. */
  token = '';
  /** The name signed in with, as the server shows it. */
  username = '';
  #unread: ServerLine[] = [];
  #waiting: Waiting[] = [];
  #isClosed = false;
  #nextId = 1;
  #rest = '';

  constructor(
    readonly socket: net.Socket,
    readonly options: ConnectOptions,
  ) {
    this.device = options.device ?? newDevice();
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        for (const waiting of this.#waiting.splice(0)) waiting.fail(new Error('the connection was closed'));
        resolve();
      });
    });
  }

  /** Connects and waits for the greeting. */
  static async connect(server: Address, options: ConnectOptions = {}): Promise<WireClient> {
    const where = {
      host: '127.0.0.1',
      port: server.port,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    };
    const alpn = options.alpn ?? ['aside/1'];
    const socket =
      server.certificate === undefined
        ? net.connect(where)
        : tls.connect({
            ...where,
            ca: server.certificate,
            minVersion: 'TLSv1.3',
            checkServerIdentity: () => undefined,
            ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
          });
    const client = new WireClient(socket, options);
    await once(socket, server.certificate === undefined ? 'connect' : 'secureConnect');
    if (!options.silent) await client.next((line) => line.method === 'hello', 'hello');
    return client;
  }

  /** Parameters of the greeting. */
  get hello(): ServerParams<'hello'> {
    return this.lines[0]?.params as ServerParams<'hello'>;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** All notifications of a method so far, read or not. */
  received<M extends ServerMethod>(method: M): ServerParams<M>[] {
    return this.lines.filter((line) => line.method === method).map((line) => line.params as ServerParams<M>);
  }

  /** Waits for the next matching line that was not taken yet; earlier lines that don't match stay. */
  async next(wants: (line: ServerLine) => boolean, what: string, waitMs = WAIT_MS): Promise<ServerLine> {
    const index = this.#unread.findIndex(wants);
    const [here] = index < 0 ? [] : this.#unread.splice(index, 1);
    if (here !== undefined) return here;
    if (this.#isClosed) throw new Error(`the connection was closed before ${what} came`);
    return await new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      };
      const waiting: Waiting = {
        wants,
        take: (line) => {
          done();
          resolve(line);
        },
        fail: (error) => {
          done();
          reject(new Error(`${what}: ${error.message}`));
        },
      };
      const timer = setTimeout(() => waiting.fail(new Error(`nothing came within ${waitMs} ms`)), waitMs);
      this.#waiting.push(waiting);
    });
  }

  /** Waits for the next matching notification of a method that was not taken yet. */
  async nextNotification<M extends ServerMethod>(
    method: M,
    wants: (params: ServerParams<M>) => boolean = () => true,
    waitMs = WAIT_MS,
  ): Promise<ServerParams<M>> {
    const fits = (line: ServerLine): boolean => line.method === method && wants(line.params as ServerParams<M>);
    return (await this.next(fits, method, waitMs)).params as ServerParams<M>;
  }

  /** Waits for the next error that answers no known request. */
  async nextNullError(waitMs = WAIT_MS): Promise<NonNullable<ServerLine['error']>> {
    const line = await this.next((other) => other.error !== undefined && other.id === null, 'an error', waitMs);
    if (line.error === undefined) throw new Error('no error');
    return line.error;
  }

  /** Sends a request and waits for its answer. @throws Refused */
  async request<M extends RequestMethod>(method: M, params: ClientParams<M>, waitMs = WAIT_MS): Promise<Result<M>> {
    return (await this.call(method, params, { waitMs })) as Result<M>;
  }

  /** As `request`, with whatever method and parameters. */
  async call(
    method: string,
    params: unknown,
    { id = this.#nextId++, waitMs = WAIT_MS }: { id?: string | number; waitMs?: number } = {},
  ): Promise<unknown> {
    const answer = this.answerTo(id, method, waitMs);
    this.sendLine({ jsonrpc: '2.0', id, method, params });
    return await answer;
  }

  /** Waits for the answer to a request that was sent as raw text. @throws Refused */
  async answerTo(id: string | number, method = 'request', waitMs = WAIT_MS): Promise<unknown> {
    const line = await this.next(
      (other) => other.id === id && other.method === undefined,
      `answer to ${method}`,
      waitMs,
    );
    if (line.error !== undefined) throw new Refused(method, line.error);
    return line.result;
  }

  /** Sends a request that must be refused, and gives the refusal. */
  async refusal(method: string, params: unknown, waitMs = WAIT_MS): Promise<Refused> {
    try {
      await this.call(method, params, { waitMs });
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
    throw new Error(`${method} was not refused`);
  }

  notify<M extends ClientNotification>(method: M, params: ClientParams<M & ClientMethod>): void {
    this.sendLine({ jsonrpc: '2.0', method, params });
  }

  sendLine(value: object): void {
    this.sendRaw(`${JSON.stringify(value)}\n`);
  }

  sendRaw(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  async register(username: string, password = PASSWORD): Promise<Result<'account.register'>> {
    return this.#signedIn(await this.request('account.register', { username, password, device: this.device }));
  }

  async signIn(
    username: string,
    { password = PASSWORD, takeOver }: { password?: string; takeOver?: boolean } = {},
  ): Promise<Result<'session.signIn'>> {
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

  /** Signs out and waits for the end. */
  async signOut(): Promise<void> {
    await this.request('session.signOut', {});
    await this.closed;
  }

  /** As a cut network: gone without a word. */
  async drop(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }

  /** Everything the server had sent to this connection until now has come. */
  async caughtUp(): Promise<void> {
    await this.request('session.ping', {});
  }

  #signedIn(result: Result<'session.signIn'>): Result<'session.signIn'> {
    this.token = result.token;
    this.username = result.username;
    return result;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(JSON.parse(line) as ServerLine);
  }

  #line(line: ServerLine): void {
    this.lines.push(line);
    if (this.options.autoConfirm && (line.method === 'message.new' || line.method === 'message.settled')) {
      const { n } = line.params as ServerParams<'message.new' | 'message.settled'>;
      this.notify('message.confirm', { through: n });
    }
    const waiting = this.#waiting.find((other) => other.wants(line));
    if (waiting === undefined) this.#unread.push(line);
    else waiting.take(line);
  }
}
