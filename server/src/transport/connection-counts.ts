import { CONNECTION_LIMITS } from '../../../src/shared/limits.ts';
import { addressGroup, isLoopbackAddress } from './address.ts';
import type { ListenerLimits } from './listener-limits.ts';

/** Which limit a connection would have broken. */
export type ConnectionLimit =
  | 'connections'
  | 'connections-of-address'
  | 'unauthenticated'
  | 'unauthenticated-of-address';

/** A connection that may come in is counted from now on, also where it is only told that it may not stay. */
export type ConnectionAdmission =
  | { readonly kind: 'accept'; readonly slot: ConnectionSlot }
  | { readonly kind: 'refuse'; readonly slot: ConnectionSlot; readonly limit: ConnectionLimit }
  | { readonly kind: 'drop'; readonly limit: ConnectionLimit };

/** What one connection takes of the limits. Each method counts once, however often it is called. */
export interface ConnectionSlot {
  /** It no longer counts as a unauthenticated's. */
  signedIn(): void;
  leave(): void;
}

interface Group {
  connections: number;
  unauthenticated: number;
}

/** Counts connections against the limits of I3, in all and per address; loopback only counts in all connections. */
export class ConnectionCounts {
  #connections = 0;
  #unauthenticated = 0;
  readonly #groups = new Map<string, Group>();

  constructor(private readonly limits: ListenerLimits) {}

  get connections(): number {
    return this.#connections;
  }

  /** @param address as of `plainAddress` */
  admit(address: string): ConnectionAdmission {
    const group = isLoopbackAddress(address) ? undefined : addressGroup(address);
    const counts = group === undefined ? undefined : this.#groups.get(group);
    const own = group !== undefined;
    let refused: ConnectionLimit | undefined;
    for (const [limit, taken, most] of [
      ['connections', this.#connections, this.limits.connections],
      ['connections-of-address', counts?.connections ?? 0, own ? this.limits.connectionsPerAddress : Infinity],
      ['unauthenticated', this.#unauthenticated, own ? this.limits.unauthenticated : Infinity],
      [
        'unauthenticated-of-address',
        counts?.unauthenticated ?? 0,
        own ? this.limits.unauthenticatedPerAddress : Infinity,
      ],
    ] as const) {
      if (taken >= Math.ceil(most * CONNECTION_LIMITS.refusedFactor)) return { kind: 'drop', limit };
      if (taken >= most) refused ??= limit;
    }
    const slot = this.#takeSlot(group);
    return refused === undefined ? { kind: 'accept', slot } : { kind: 'refuse', slot, limit: refused };
  }

  #takeSlot(group: string | undefined): ConnectionSlot {
    let unauthenticated = group !== undefined;
    let left = false;
    this.#add(group, 1, unauthenticated ? 1 : 0);
    return {
      signedIn: () => {
        if (!unauthenticated) return;
        unauthenticated = false;
        this.#add(group, 0, -1);
      },
      leave: () => {
        if (left) return;
        left = true;
        this.#add(group, -1, unauthenticated ? -1 : 0);
        unauthenticated = false;
      },
    };
  }

  #add(group: string | undefined, connections: number, unauthenticated: number): void {
    this.#connections += connections;
    this.#unauthenticated += unauthenticated;
    if (group === undefined) return;
    const counts = this.#groups.get(group) ?? { connections: 0, unauthenticated: 0 };
    counts.connections += connections;
    counts.unauthenticated += unauthenticated;
    if (counts.connections === 0) this.#groups.delete(group);
    else this.#groups.set(group, counts);
  }
}
