import { CONNECTION_LIMITS } from '../../../src/shared/limits.ts';
import { addressGroup, isLoopbackAddress } from './address.ts';
import type { ListenerLimits } from './listener-limits.ts';

/** The limit that a connection would exceed. */
export type ConnectionLimit =
  | 'connections'
  | 'connections-of-address'
  | 'unauthenticated'
  | 'unauthenticated-of-address';

/** Decision on a new connection. Accepted and refused connections hold a slot; a refused one gets its reason first. */
export type ConnectionAdmission =
  | { readonly kind: 'accept'; readonly slot: ConnectionSlot }
  | { readonly kind: 'refuse'; readonly slot: ConnectionSlot; readonly limit: ConnectionLimit }
  | { readonly kind: 'drop'; readonly limit: ConnectionLimit };

/** The share of one connection in the limits. Each method has an effect only once. */
export interface ConnectionSlot {
  /** The connection no longer counts as unauthenticated. */
  signedIn(): void;
  leave(): void;
}

interface Group {
  connections: number;
  unauthenticated: number;
}

/**
 * Counts connections against the limits (I3), in total and per address. Loopback counts only towards all connections.
 */
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
