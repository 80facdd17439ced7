import { addressGroup, isLoopbackAddress } from './address.ts';
import { type ListenerLimits, TRANSPORT_LIMITS } from './transport-limits.ts';

/** Which limit a connection would have broken. */
export type CrowdKind = 'connections' | 'connections-of-address' | 'strangers' | 'strangers-of-address';

/** A connection that may come in is counted from now on, also where it is only told that it may not stay. */
export type Admission =
  | { readonly kind: 'welcome'; readonly place: Place }
  | { readonly kind: 'refuse'; readonly place: Place; readonly limit: CrowdKind }
  | { readonly kind: 'drop'; readonly limit: CrowdKind };

/** What one connection takes of the limits. Each method counts once, however often it is called. */
export interface Place {
  /** It no longer counts as a stranger's. */
  signedIn(): void;
  leave(): void;
}

interface Group {
  connections: number;
  strangers: number;
}

/** Counts connections against the limits of I3, in all and per address; loopback only counts in all connections. */
export class ConnectionCounts {
  #connections = 0;
  #strangers = 0;
  readonly #groups = new Map<string, Group>();

  constructor(private readonly limits: ListenerLimits) {}

  get connections(): number {
    return this.#connections;
  }

  /** @param address as of `plainAddress` */
  admit(address: string): Admission {
    const group = isLoopbackAddress(address) ? undefined : addressGroup(address);
    const counts = group === undefined ? undefined : this.#groups.get(group);
    const own = group !== undefined;
    let refused: CrowdKind | undefined;
    for (const [limit, taken, most] of [
      ['connections', this.#connections, this.limits.connections],
      ['connections-of-address', counts?.connections ?? 0, own ? this.limits.connectionsPerAddress : Infinity],
      ['strangers', this.#strangers, own ? this.limits.strangers : Infinity],
      ['strangers-of-address', counts?.strangers ?? 0, own ? this.limits.strangersPerAddress : Infinity],
    ] as const) {
      if (taken >= Math.ceil(most * TRANSPORT_LIMITS.politeExcess)) return { kind: 'drop', limit };
      if (taken >= most) refused ??= limit;
    }
    const place = this.#take(group);
    return refused === undefined ? { kind: 'welcome', place } : { kind: 'refuse', place, limit: refused };
  }

  #take(group: string | undefined): Place {
    let stranger = group !== undefined;
    let gone = false;
    this.#add(group, 1, stranger ? 1 : 0);
    return {
      signedIn: () => {
        if (!stranger) return;
        stranger = false;
        this.#add(group, 0, -1);
      },
      leave: () => {
        if (gone) return;
        gone = true;
        this.#add(group, -1, stranger ? -1 : 0);
        stranger = false;
      },
    };
  }

  #add(group: string | undefined, connections: number, strangers: number): void {
    this.#connections += connections;
    this.#strangers += strangers;
    if (group === undefined) return;
    const counts = this.#groups.get(group) ?? { connections: 0, strangers: 0 };
    counts.connections += connections;
    counts.strangers += strangers;
    if (counts.connections === 0) this.#groups.delete(group);
    else this.#groups.set(group, counts);
  }
}
