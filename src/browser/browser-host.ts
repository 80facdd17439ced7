import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AppHost } from '../host/app-host.ts';
import { InterfaceSession } from '../host/windows/interface-session.ts';
import type { PageSource } from '../host/windows/page-source.ts';
import { FRAME_LIMITS } from '../shared/client-api/frames.ts';
import { SOCKET_PATH } from '../shared/host-api/bridge.ts';
import { EntryKeys } from './entry-keys.ts';
import { Guard, LOOPBACK } from './guard.ts';
import { ENTER, FOREIGN, KEY_VOID, NO_PASS, NOT_FOUND, WRONG_METHOD } from './pages.ts';
import { BROWSER_HOST_LIMITS } from '../shared/limits.ts';

/** Why a page's socket is closed (RFC 6455 §7.4, private use from 4000). */
const SOCKET_CLOSED = { invalidFrame: 1008, goingAway: 1001, tooMany: 1013 } as const;

export interface BrowserHostOptions {
  readonly host: AppHost;
  readonly page: PageSource;
  /** 0: a free one. */
  readonly port: number;
}

/** Serves the app to a browser on this machine: its files and a WebSocket, for requests with a pass. */
export class BrowserHost {
  readonly #keys = new EntryKeys();
  readonly #host: AppHost;
  readonly #page: PageSource;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMITS.frameBytes,
    perMessageDeflate: false,
  });
  #guard: Guard | undefined;
  #port = 0;

  private constructor({ host, page }: BrowserHostOptions) {
    this.#host = host;
    this.#page = page;
    this.#server = createServer({
      maxHeaderSize: BROWSER_HOST_LIMITS.headerBytes,
      requestTimeout: BROWSER_HOST_LIMITS.requestMs,
      headersTimeout: BROWSER_HOST_LIMITS.requestMs,
    });
    this.#server.maxConnections = BROWSER_HOST_LIMITS.connections;
    this.#server.on('request', (request, response) => this.#requested(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgraded(request, socket, head));
  }

  /**
   * Listens on 127.0.0.1 only.
   * @throws the system's error, such as EADDRINUSE
   */
  static async start(options: BrowserHostOptions): Promise<BrowserHost> {
    const browserHost = new BrowserHost(options);
    await browserHost.#listen(options.port);
    return browserHost;
  }

  get port(): number {
    return this.#port;
  }

  /** Creates a link that signs in one browser, valid once and for `linkMs`; an older link becomes invalid. */
  link(): string {
    return `http://${LOOPBACK}:${this.#port}/?key=${this.#keys.issue()}`;
  }

  /** Ends every page's connection and stops listening. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) {
      socket.close(SOCKET_CLOSED.goingAway);
      socket.terminate();
    }
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('listening without an address');
    this.#port = address.port;
    this.#guard = new Guard(address.port, this.#keys);
  }

  #requested(request: IncomingMessage, response: ServerResponse): void {
    const guard = this.#guard;
    const url = URL.canParse(request.url ?? '', 'http://app') ? new URL(request.url ?? '', 'http://app') : undefined;
    const key = url?.pathname === '/' ? url.searchParams.get('key') : null;
    const foreign = key === null ? guard?.foreign(request) : guard?.foreignEntry(request);
    if (guard === undefined || url === undefined || foreign !== undefined) {
      this.#answer(response, 403, FOREIGN);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      this.#answer(response, 405, WRONG_METHOD);
    } else if (key !== null) {
      this.#enter(guard, request, response, key);
    } else if (!guard.hasPass(request)) {
      this.#answer(response, 403, NO_PASS);
    } else {
      void this.#serve(url, response);
    }
  }

  async #serve({ pathname, search }: URL, response: ServerResponse): Promise<void> {
    const file = await this.#page.find(pathname, search);
    if (file === undefined) this.#answer(response, 404, NOT_FOUND);
    else this.#answer(response, 200, file.body, file.type);
  }

  /** Exchanges the key of a link for a cookie. */
  #enter(guard: Guard, request: IncomingMessage, response: ServerResponse, key: string): void {
    // A prefetch or a HEAD request must not use up the link.
    const ahead = request.headers['sec-purpose'] ?? request.headers.purpose;
    const pass = request.method === 'GET' && ahead === undefined ? this.#keys.redeem(key) : undefined;
    if (pass !== undefined) {
      response.setHeader('Set-Cookie', guard.cookie(pass));
      this.#answer(response, 200, ENTER);
    } else if (guard.hasPass(request)) this.#answer(response, 200, ENTER);
    else this.#answer(response, 403, KEY_VOID);
  }

  #answer(response: ServerResponse, status: number, body: string | Buffer, type = 'text/html; charset=utf-8'): void {
    const length = Buffer.byteLength(body);
    response.writeHead(status, { ...this.#page.headers, 'Content-Type': type, 'Content-Length': length });
    // Node omits the body if the method is HEAD.
    response.end(body);
  }

  #upgraded(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const guard = this.#guard;
    // A connection reset needs no handling.
    socket.on('error', () => socket.destroy());
    if (guard === undefined || guard.foreignUpgrade(request) !== undefined || !guard.hasPass(request)) {
      refuseUpgrade(socket, '403 Forbidden');
    } else if (request.url !== SOCKET_PATH) refuseUpgrade(socket, '404 Not Found');
    else this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#connected(webSocket));
  }

  #connected(socket: WebSocket): void {
    // The library closes the connection itself; without a listener the error would end the program.
    socket.on('error', () => undefined);
    if (this.#sockets.clients.size > BROWSER_HOST_LIMITS.interfaces) {
      socket.close(SOCKET_CLOSED.tooMany);
      return;
    }
    const session = new InterfaceSession(this.#host, (frame) => {
      if (socket.bufferedAmount > BROWSER_HOST_LIMITS.unsentBytes) socket.terminate();
      else socket.send(JSON.stringify(frame));
    });
    socket.on('message', (data, isBinary) => {
      const frame = isBinary ? undefined : parse(data);
      if (frame === undefined || !session.receive(frame)) socket.close(SOCKET_CLOSED.invalidFrame);
    });
    const heartbeat = keepAlive(socket);
    socket.once('close', () => {
      clearInterval(heartbeat);
      session.end();
    });
  }
}

/** Refuses an upgrade and destroys its socket: the server has no timeout for it any more. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** @returns undefined if the data is not JSON */
function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
}

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, BROWSER_HOST_LIMITS.pingMs);
}
