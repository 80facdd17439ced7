import { RELAY_LIMITS } from '../../../src/shared/limits.ts';
import type { Duplex } from 'node:stream';
import { Framer } from '../../../src/shared/protocol/framer.ts';
import { Throttle } from './throttle.ts';

export type RelayLimits = { readonly [K in keyof typeof RELAY_LIMITS]: number };

/** Whose token it was, and for the tunnel of which session. */
export interface TunnelSide {
  readonly sid: string;
  readonly account: number;
}

/** What the relay asks the rest of the server. */
export interface RelayPort {
  now(): number;
  /** Uses a token up. @returns undefined where it is not good */
  redeem(token: string): TunnelSide | undefined;
  /** Follows a good `redeem` in the same turn: the side is in. */
  entered(side: TunnelSide): void;
  /** The tunnel of a session has ended, or never came to be. */
  ended(sid: string): void;
}

/** Counts since the start; never contents. */
export interface RelayCounters {
  tunnels: number;
  tunnelBytes: number;
}

interface Side extends TunnelSide {
  readonly stream: Duplex;
  /** What came behind the token line before the other side was there. */
  readonly early: Buffer[];
  /** Gathers what comes early; undefined once the tunnel is joined. */
  gather: ((chunk: Buffer) => void) | undefined;
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
 * and kept nowhere. Streams must be half-open (`allowHalfOpen`), so that what one side still gets outlives its own end.
 */
export class Relay {
  readonly counters: RelayCounters = { tunnels: 0, tunnelBytes: 0 };
  readonly #tunnels = new Map<string, Tunnel>();
  /** Those that have brought no token yet. */
  readonly #strangers = new Set<Duplex>();
  #closed = false;

  constructor(
    private readonly port: RelayPort,
    private readonly limits: RelayLimits = RELAY_LIMITS,
  ) {}

  /** Takes a connection with ALPN `aside-relay/1`. @param onAdmitted its token was good: it is no stranger's any more */
  accept(stream: Duplex, onAdmitted: () => void): void {
    stream.on('error', () => stream.destroy());
    if (this.#closed) {
      stream.destroy();
      return;
    }
    this.#strangers.add(stream);
    const hangUp = () => stream.destroy();
    const deadline = setTimeout(hangUp, this.limits.tokenMs);
    const settled = () => {
      clearTimeout(deadline);
      this.#strangers.delete(stream);
    };
    stream.on('close', settled);
    stream.on('end', hangUp);
    let chunk: Buffer = Buffer.alloc(0);
    const read = (bytes: Buffer) => {
      chunk = bytes;
      framer.push(bytes);
    };
    const framer = new Framer(this.limits.tokenLineBytes, {
      line: (line) => {
        framer.close();
        const admission = this.port.redeem(tokenOf(line));
        if (!admission) {
          hangUp();
          return;
        }
        settled();
        stream.off('data', read);
        stream.off('end', hangUp);
        onAdmitted();
        // It was the first line, so its end is the first in the chunk that brought it.
        const rest = chunk.subarray(chunk.indexOf(0x0a) + 1);
        this.#enter({ ...admission, stream, early: rest.length > 0 ? [rest] : [], gather: undefined });
      },
      overflow: hangUp,
    });
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

  /** Cuts all, and takes no more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#strangers) stream.destroy();
    for (const sid of [...this.#tunnels.keys()]) this.cut(sid);
  }

  #enter(side: Side): void {
    const { sid, stream } = side;
    // Whoever comes again has lost the tunnel that was, and begins the next one; the other side follows.
    if (this.#tunnels.get(sid)?.sides.some((other) => other.account === side.account)) this.cut(sid);
    this.port.entered(side);
    let tunnel = this.#tunnels.get(sid);
    if (!tunnel) {
      const now = this.port.now();
      tunnel = { sid, sides: [], openedAt: now, lastByteAt: now, bytes: 0, throttles: [] };
      this.#tunnels.set(sid, tunnel);
    }
    const [first] = tunnel.sides;
    tunnel.sides.push(side);
    stream.on('close', () => this.#gone(side));
    if (first) this.#join(tunnel, first, side);
    else this.#wait(side);
  }

  /** Keeps reading, within a bound, so that a side that gives up waiting is noticed. */
  #wait(side: Side): void {
    let bytes = 0;
    side.gather = (chunk) => {
      side.early.push(chunk);
      bytes += chunk.length;
      if (bytes > this.limits.earlyBytes) side.stream.pause();
    };
    side.stream.on('data', side.gather);
    side.stream.on('end', () => {
      if (side.gather) this.cut(side.sid);
    });
    side.stream.resume();
  }

  #join(tunnel: Tunnel, a: Side, b: Side): void {
    this.counters.tunnels++;
    tunnel.lastByteAt = this.port.now();
    for (const { stream } of [a, b]) stream.write('{"ready":true}\n');
    this.#copy(tunnel, a, b);
    this.#copy(tunnel, b, a);
  }

  #copy(tunnel: Tunnel, from: Side, to: Side): void {
    if (from.gather) from.stream.off('data', from.gather);
    from.gather = undefined;
    const { bytesPerSecond, burstBytes } = this.limits;
    const throttle = new Throttle(from.stream, bytesPerSecond, burstBytes, () => this.port.now());
    tunnel.throttles.push(throttle);
    const pass = (chunk: Buffer) => {
      tunnel.lastByteAt = this.port.now();
      tunnel.bytes += chunk.length;
      if (tunnel.bytes > this.limits.totalBytes) {
        this.cut(tunnel.sid);
        return;
      }
      this.counters.tunnelBytes += chunk.length;
      if (!to.stream.write(chunk)) throttle.hold(to.stream);
      throttle.took(chunk.length);
    };
    for (const chunk of from.early.splice(0)) pass(chunk);
    from.stream.on('data', pass);
    from.stream.on('end', () => to.stream.end());
    throttle.start();
  }

  /** A side that broke off ends the tunnel; one that ended in good order leaves the other what is still on its way. */
  #gone(side: Side): void {
    const tunnel = this.#tunnels.get(side.sid);
    if (!tunnel?.sides.includes(side)) return;
    const isOver = !endedWell(side) || tunnel.sides.every(({ stream }) => stream.closed);
    if (isOver) this.cut(tunnel.sid);
  }
}

function endedWell({ stream }: Side): boolean {
  return stream.readableEnded && stream.writableFinished;
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
