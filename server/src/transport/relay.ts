import { RELAY_LIMITS } from '../../../src/shared/limits.ts';
import type { Duplex } from 'node:stream';
import { Framer } from '../../../src/shared/protocol/framer.ts';
import { Throttle } from './throttle.ts';

export type RelayLimits = { readonly [K in keyof typeof RELAY_LIMITS]: number };

/** The account and session of a redeemed token. */
export interface TunnelSide {
  readonly sid: string;
  readonly account: number;
}

/** Functions of the server that the relay uses. */
export interface RelayPort {
  now(): number;
  /** Uses a token, which is then invalid. @returns undefined for an invalid token */
  redeem(token: string): TunnelSide | undefined;
  /** Called after a successful `redeem`, in the same turn, when the side has entered. */
  entered(side: TunnelSide): void;
  /** The tunnel of a session has ended, or was never joined. */
  ended(sid: string): void;
}

/** Counts since the start; no content. */
export interface RelayCounters {
  tunnels: number;
  tunnelBytes: number;
}

interface Side extends TunnelSide {
  readonly stream: Duplex;
  /** Bytes after the token line, received before the other side entered. */
  readonly early: Buffer[];
  /** Collects early bytes; undefined after the tunnel is joined. */
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
 * The blind tunnel (F4): joins two connections that each present a one-time token of the same session, then copies
 * bytes both ways with back-pressure and limits. The two clients encrypt the bytes; the relay neither inspects nor
 * stores them. Streams must allow half-open connections (`allowHalfOpen`), so that a side still receives after its own
 * end.
 */
export class Relay {
  readonly counters: RelayCounters = { tunnels: 0, tunnelBytes: 0 };
  readonly #tunnels = new Map<string, Tunnel>();
  /** Connections that have not presented a token yet. */
  readonly #strangers = new Set<Duplex>();
  #closed = false;

  constructor(
    private readonly port: RelayPort,
    private readonly limits: RelayLimits = RELAY_LIMITS,
  ) {}

  /**
   * Takes a connection with ALPN `aside-relay/1`. @param onAdmitted called after a valid token: the connection no
   * longer counts as unauthenticated
   */
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
        // The token is the first line, so it ends at the first LF of the chunk that completed it.
        const rest = chunk.subarray(chunk.indexOf(0x0a) + 1);
        this.#enter({ ...admission, stream, early: rest.length > 0 ? [rest] : [], gather: undefined });
      },
      overflow: hangUp,
    });
    stream.on('data', read);
  }

  /** Closes the tunnel of a session. */
  cut(sid: string): void {
    const tunnel = this.#tunnels.get(sid);
    if (!tunnel) return;
    this.#tunnels.delete(sid);
    for (const throttle of tunnel.throttles) throttle.stop();
    for (const { stream } of tunnel.sides) stream.destroy();
    this.port.ended(sid);
  }

  /** Closes idle tunnels, and tunnels that the other side has not entered in time. */
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

  /** Closes all tunnels and accepts no more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#strangers) stream.destroy();
    for (const sid of [...this.#tunnels.keys()]) this.cut(sid);
  }

  #enter(side: Side): void {
    const { sid, stream } = side;
    // A side that enters again has lost the former tunnel. It starts a new one, and the other side follows.
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

  /** Keeps reading, within a bound, to notice a side that stops waiting. */
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

  /** A broken connection ends the tunnel. After a proper end, the other side still gets the remaining bytes. */
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

/** @returns an empty text, which is no valid token, if the line is not `{"token": "…"}` */
function tokenOf(line: Uint8Array): string {
  try {
    const value = JSON.parse(Buffer.from(line).toString('utf8')) as unknown;
    if (typeof value !== 'object' || value === null || !('token' in value)) return '';
    return typeof value.token === 'string' ? value.token : '';
  } catch {
    return '';
  }
}
