import type { Duplex } from 'node:stream';
import { Framer } from '../../../src/shared/protocol/framer.ts';
import { Throttle } from './throttle.ts';

/** Bounds of the blind tunnels (F4, I3). Bytes, milliseconds. */
export const RELAY_LIMITS = {
  bytesPerSecond: 256 * 1024,
  burstBytes: 1024 * 1024,
  /** Both directions of one tunnel together. */
  totalBytes: 1024 * 1024 * 1024,
  idleMs: 60_000,
  /** From connecting to the token, and from the token to the other side's. */
  tokenMs: 5_000,
  pairMs: 20_000,
  tokenLineBytes: 256,
} as const;

/** What the relay asks the rest of the server. */
export interface RelayPort {
  now(): number;
  /** Uses a token up. @returns undefined where it is not good */
  redeem(token: string): { sid: string; person: number } | undefined;
  /** The tunnel of a session has ended, or never came to be. */
  ended(sid: string): void;
}

/** Counts since the start; never contents. */
export interface RelayCounters {
  tunnels: number;
  tunnelBytes: number;
}

interface Side {
  readonly stream: Duplex;
  readonly person: number;
  /** What came behind the token line before the other side was there. */
  readonly early: Buffer[];
}

interface Tunnel {
  readonly sid: string;
  readonly sides: Side[];
  readonly openedAt: number;
  lastByteAt: number;
  bytes: number;
  readonly throttles: Throttle[];
}

/**
 * The blind tunnel (F4): two connections that each bring a one-time token of the same session are joined, and from then
 * on bytes are copied both ways, with back-pressure and limits. What passes is sealed by the two ends, not looked at,
 * and kept nowhere.
 */
export class Relay {
  readonly counters: RelayCounters = { tunnels: 0, tunnelBytes: 0 };
  readonly #tunnels = new Map<string, Tunnel>();

  constructor(
    private readonly port: RelayPort,
    private readonly limits: { readonly [K in keyof typeof RELAY_LIMITS]: number } = RELAY_LIMITS,
  ) {}

  /** Takes a connection with ALPN `aside-relay/1`. @param onAdmitted its token was good: it is no stranger's any more */
  accept(stream: Duplex, onAdmitted: () => void): void {
    stream.on('error', () => stream.destroy());
    const deadline = setTimeout(() => stream.destroy(), this.limits.tokenMs);
    stream.on('close', () => clearTimeout(deadline));
    const early: Buffer[] = [];
    let rest: Buffer | undefined;
    const framer = new Framer(this.limits.tokenLineBytes, {
      line: (line) => {
        framer.close();
        const admission = this.port.redeem(tokenOf(line));
        if (!admission) {
          stream.destroy();
          return;
        }
        clearTimeout(deadline);
        onAdmitted();
        stream.off('data', read);
        stream.pause();
        const end = rest?.indexOf(0x0a) ?? -1;
        if (rest && end >= 0 && end + 1 < rest.length) early.push(rest.subarray(end + 1));
        this.#enter(admission.sid, { stream, person: admission.person, early });
      },
      overflow: () => stream.destroy(),
    });
    const read = (chunk: Buffer) => {
      rest = chunk;
      framer.push(chunk);
    };
    stream.on('data', read);
  }

  /** Cuts the tunnel of a session. */
  cut(sid: string): void {
    const tunnel = this.#tunnels.get(sid);
    if (!tunnel) return;
    this.#tunnels.delete(sid);
    for (const throttle of tunnel.throttles) throttle.stop();
    for (const { stream } of tunnel.sides) stream.destroy();
    this.port.ended(sid);
  }

  /** Cuts the tunnels that nobody uses, or that the other side never came to. */
  dropIdle(): void {
    const now = this.port.now();
    for (const tunnel of this.#tunnels.values()) {
      const isJoined = tunnel.sides.length === 2;
      const isOver = isJoined
        ? now - tunnel.lastByteAt >= this.limits.idleMs
        : now - tunnel.openedAt >= this.limits.pairMs;
      if (isOver) this.cut(tunnel.sid);
    }
  }

  /** Cuts all. */
  close(): void {
    for (const sid of [...this.#tunnels.keys()]) this.cut(sid);
  }

  #enter(sid: string, side: Side): void {
    const now = this.port.now();
    let tunnel = this.#tunnels.get(sid);
    if (!tunnel) {
      tunnel = { sid, sides: [], openedAt: now, lastByteAt: now, bytes: 0, throttles: [] };
      this.#tunnels.set(sid, tunnel);
    }
    const [first, second] = tunnel.sides;
    if (second || first?.person === side.person) {
      // Each side enters once; whoever comes again has lost the tunnel, and begins a new one.
      this.cut(sid);
      side.stream.destroy();
      return;
    }
    tunnel.sides.push(side);
    side.stream.on('close', () => {
      if (this.#tunnels.get(sid)?.sides.includes(side)) this.cut(sid);
    });
    if (first) this.#join(tunnel, first, side);
  }

  #join(tunnel: Tunnel, a: Side, b: Side): void {
    this.counters.tunnels++;
    for (const { stream } of [a, b]) stream.write('{"ready":true}\n');
    this.#copy(tunnel, a, b);
    this.#copy(tunnel, b, a);
  }

  #copy(tunnel: Tunnel, from: Side, to: Side): void {
    const { bytesPerSecond, burstBytes } = this.limits;
    const throttle = new Throttle(from.stream, bytesPerSecond, burstBytes, () => this.port.now());
    tunnel.throttles.push(throttle);
    const pass = (chunk: Buffer) => {
      tunnel.lastByteAt = this.port.now();
      tunnel.bytes += chunk.length;
      this.counters.tunnelBytes += chunk.length;
      if (tunnel.bytes > this.limits.totalBytes) {
        this.cut(tunnel.sid);
        return;
      }
      if (!to.stream.write(chunk)) throttle.hold(to.stream);
      throttle.took(chunk.length);
    };
    for (const chunk of from.early.splice(0)) pass(chunk);
    from.stream.on('data', pass);
    from.stream.on('end', () => {
      // What is on its way to the other side still arrives; then both are closed.
      to.stream.end(() => this.cut(tunnel.sid));
    });
    throttle.start();
  }
}

/** @returns an empty text, which no token is, where the line is not `{"token": "…"}` */
function tokenOf(line: Uint8Array): string {
  try {
    const value = JSON.parse(Buffer.from(line).toString('utf8')) as unknown;
    if (typeof value !== 'object' || value === null || !('token' in value)) return '';
    return typeof value.token === 'string' ? value.token : '';
  } catch {
    return '';
  }
}
