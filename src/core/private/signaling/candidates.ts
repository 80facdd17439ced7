import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { z } from 'zod';
import { type IpAddress, parseIpAddress } from '../../../shared/ip-address.ts';

/** Where a peer might be reached. `observed`: the address that the server sees, which a router may have made. */
export const candidate = z.strictObject({
  kind: z.enum(['host', 'observed', 'public']),
  address: z.string().max(45),
  port: z.int().min(1).max(65_535),
});
export type Candidate = z.infer<typeof candidate>;

/** An address as the server saw it. */
export interface ObservedAddress {
  readonly address: string;
  readonly port: number;
}

/** Reads `address:port`, an IPv6 address in brackets, as the server passes it on. */
export function parseObserved(text: string | undefined): ObservedAddress | undefined {
  const parts = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/.exec(text ?? '');
  const address = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  if (address === undefined || port < 1 || port > 65_535 || parseIpAddress(address) === undefined) return undefined;
  return { address, port };
}

export interface OwnSituation {
  /** Addresses of this machine, as the operating system tells them. */
  readonly localAddresses: readonly string[];
  /** Port of the listener of this round; undefined where listening is not possible. */
  readonly listeningPort: number | undefined;
  /** An address that somebody configured because they forward a port to this machine. */
  readonly publicAddress: ObservedAddress | undefined;
  /** Nothing is given away; the tunnel is the only path. */
  readonly neverRevealAddress: boolean;
  /** The server is reached over a loopback address: then so is everybody on this machine. */
  readonly serverOnLoopback: boolean;
}

/**
 * What is told to the peer of how to reach this machine [ASIDE-PEER-4-1]: the local network first, as that is the shortest
 * way. Loopback only where the server runs on this machine too, which is how two clients on one machine meet.
 */
export function ownCandidates(situation: OwnSituation): Candidate[] {
  if (situation.neverRevealAddress) return [];
  const found: Candidate[] = [];
  const { listeningPort, publicAddress } = situation;
  if (listeningPort !== undefined) {
    for (const local of situation.localAddresses) found.push({ kind: 'host', address: local, port: listeningPort });
  }
  if (publicAddress !== undefined) found.push({ kind: 'public', ...publicAddress });
  return select(found, situation.serverOnLoopback);
}

export interface PeerSituation {
  /** As the peer signed them. */
  readonly candidates: readonly Candidate[];
  /** As the server saw the peer. Not signed by the peer: it is a hint, and TLS tells whether it was right. */
  readonly observed: ObservedAddress | undefined;
  readonly neverRevealAddress: boolean;
  readonly serverOnLoopback: boolean;
}

/**
 * What is dialled, in this order, of what a peer told [ASIDE-PEER-4-2]. A peer names addresses that this machine will
 * connect to, so each is judged on its bytes: a peer must not be able to aim this client at its own machine's services.
 * Hence loopback only where the server is on this machine and saw the peer there as well; two clients on one machine
 * that use a server elsewhere meet on their machine's other addresses.
 */
export function candidatesToDial(situation: PeerSituation): Candidate[] {
  if (situation.neverRevealAddress) return [];
  const { observed, candidates } = situation;
  const seenHere = observed === undefined || parseIpAddress(observed.address)?.kind === 'loopback';
  const oneMachine = situation.serverOnLoopback && seenHere;
  const found = observed === undefined ? candidates : [...candidates, { kind: 'observed', ...observed } as const];
  return select(found, oneMachine);
}

function select(found: readonly Candidate[], loopbackToo: boolean): Candidate[] {
  const seen = new Set<string>();
  const usable: { readonly candidate: Candidate; readonly rank: number }[] = [];
  for (const { kind, address, port } of found) {
    const parsed = parseIpAddress(address);
    if (parsed === undefined || port < 1_024 || port > 65_535 || !mayBeDialled(parsed, loopbackToo)) continue;
    const key = `${parsed.text} ${port}`;
    if (seen.has(key)) continue;
    seen.add(key);
    usable.push({ candidate: { kind, address: parsed.text, port }, rank: rankOf(kind, parsed) });
  }
  return usable
    .sort((one, other) => one.rank - other.rank)
    .slice(0, PRIVATE_LIMITS.candidates)
    .map((one) => one.candidate);
}

function mayBeDialled({ kind }: IpAddress, loopbackToo: boolean): boolean {
  switch (kind) {
    case 'loopback':
      return loopbackToo;
    case 'private':
    case 'shared':
    case 'unique-local':
    case 'global':
      return true;
    case 'unspecified':
    case 'multicast':
    // Link-local addresses mean nothing without a zone, and a zone means nothing on another machine.
    case 'link-local':
    case 'reserved':
      return false;
  }
}

/** The local network first, then what needs no router's help, then what does. */
function rankOf(kind: Candidate['kind'], { family, kind: address }: IpAddress): number {
  if (kind === 'observed') return 4;
  if (kind === 'public') return 3;
  if (address === 'private' || address === 'loopback') return 0;
  if (address === 'unique-local') return 1;
  return family === 6 ? 2 : 3;
}

/** Whether an address is on a network of this machine's own kind: shown to people as "on this network". */
export function isLocalNetwork(address: string): boolean {
  const kind = parseIpAddress(address)?.kind;
  return kind === 'private' || kind === 'unique-local' || kind === 'loopback' || kind === 'link-local';
}
