import type { IncomingMessage } from 'node:http';
import type { EntryKeys } from './entry-keys.ts';

/** The only address that the app is served on. */
export const LOOPBACK = '127.0.0.1';

/** Why a request is refused. */
export type RefusalReason = 'foreign-host' | 'foreign-origin' | 'no-pass';

/** Checks every request and upgrade before it is handled. */
export class Guard {
  readonly #host: string;
  readonly #origin: string;
  readonly #cookie: string;

  constructor(
    port: number,
    private readonly keys: EntryKeys,
  ) {
    this.#host = `${LOOPBACK}:${port}`;
    this.#origin = `http://${this.#host}`;
    // Cookies are shared between ports: the name keeps two apps on one machine from overwriting each other's.
    this.#cookie = `aside-${port}`;
  }

  /**
   * Refuses requests of other origins. A foreign page whose name resolves to 127.0.0.1 (DNS rebinding) has the wrong `Host`;
   * a cross-origin request has the wrong `Origin` or `Sec-Fetch-Site`.
   */
  foreign(request: IncomingMessage): RefusalReason | undefined {
    const { headers } = request;
    const objection = this.foreignEntry(request);
    if (objection !== undefined) return objection;
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none' ? undefined : 'foreign-origin';
  }

  /** For a link with a key: the terminal where the user clicks it may be a web page itself. The key authenticates the request. */
  foreignEntry({ headers }: IncomingMessage): RefusalReason | undefined {
    if (headers.host !== this.#host) return 'foreign-host';
    return headers.origin !== undefined && headers.origin !== this.#origin ? 'foreign-origin' : undefined;
  }

  /** For upgrades: browsers always send `Origin`, so a request without it is not from a page. */
  foreignUpgrade(request: IncomingMessage): RefusalReason | undefined {
    return request.headers.origin === undefined ? 'foreign-origin' : this.foreign(request);
  }

  hasPass({ headers }: IncomingMessage): boolean {
    const passes = (headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .flatMap(([name, value]) => (name === this.#cookie && value !== undefined ? [value] : []));
    return passes.slice(0, 4).some((pass) => this.keys.isPass(pass));
  }

  /** Value of a `Set-Cookie` header: for this host only, hidden from scripts, never sent by cross-site requests. */
  cookie(pass: string): string {
    return `${this.#cookie}=${pass}; Path=/; HttpOnly; SameSite=Strict`;
  }
}
