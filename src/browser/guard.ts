import type { IncomingMessage } from 'node:http';
import type { EntryKeys } from './entry-keys.ts';

/** The only address that the app is served on. */
export const LOOPBACK = '127.0.0.1';

/** Why a request is turned away. */
export type RefusalReason = 'foreign-host' | 'foreign-origin' | 'no-pass';

/** Judges every request and upgrade, before anything else looks at it. */
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
    // Cookies do not know ports: two apps on one machine must not overwrite each other's.
    this.#cookie = `aside-${port}`;
  }

  /**
   * Whether a request comes to us, and from us. A page of elsewhere that makes its own name point to 127.0.0.1 (DNS
   * rebinding) has the wrong `Host`; one that asks across origins has the wrong `Origin` or `Sec-Fetch-Site`.
   */
  foreign(request: IncomingMessage): RefusalReason | undefined {
    const { headers } = request;
    const objection = this.foreignEntry(request);
    if (objection !== undefined) return objection;
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none' ? undefined : 'foreign-origin';
  }

  /** For a link with a key: it may be clicked in a terminal that is itself a web page. The key says the rest. */
  foreignEntry({ headers }: IncomingMessage): RefusalReason | undefined {
    if (headers.host !== this.#host) return 'foreign-host';
    return headers.origin !== undefined && headers.origin !== this.#origin ? 'foreign-origin' : undefined;
  }

  /** For upgrades: browsers always say where they come from, so who does not is no page of ours. */
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

  /** The value of a `Set-Cookie` header: for this host only, out of reach of scripts, never sent from elsewhere. */
  cookie(pass: string): string {
    return `${this.#cookie}=${pass}; Path=/; HttpOnly; SameSite=Strict`;
  }
}
