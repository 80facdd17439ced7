import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { z } from 'zod';
import { type IpAddress, parseIpAddress } from '../../../shared/ip-address.ts';

/** An address at which a peer may be reached. `observed`: as the server sees it, perhaps a router's. */
export const candidate = z.strictObject({
  kind: z.enum(['host', 'observed', 'public']),
  address: z.string().max(45),
  port: z.int().min(1).max(65_535),
});
export type Candidate = z.infer<typeof candidate>;

/** An address as the server sees it. */
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
  /** Addresses of this computer, from the operating system. */
  readonly localAddresses: readonly string[];
  /** Port of the listener of this round; undefined if listening failed. */
  readonly listeningPort: number | undefined;
  /** Configured address that a router forwards to this computer. */
  readonly publicAddress: ObservedAddress | undefined;
  /** No address is revealed; the tunnel is the only path. */
  readonly neverRevealAddress: boolean;
  /** The server runs on this computer, so a peer may too. */
  readonly serverOnLoopback: boolean;
}

/**
 * Addresses of this computer for the peer [ASIDE-PEER-4-1]: the local network first, as the shortest path. Loopback only if
 * the server runs on this computer, for two clients on one computer.
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
  /** Signed by the peer. */
  readonly candidates: readonly Candidate[];
  /** Address of the peer as the server sees it. Not signed by the peer; TLS authenticates the connection. */
  readonly observed: ObservedAddress | undefined;
  readonly neverRevealAddress: boolean;
  readonly serverOnLoopback: boolean;
}

/**
 * Selects and sorts the addresses of a peer to dial [ASIDE-PEER-4-2]. A peer chooses addresses that this client connects
 * to, and must not direct it to services of this computer. So loopback is dialled only if the server is on this computer
 * and sees the peer there too; otherwise two clients on one computer meet on its other addresses.
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
    // A link-local address needs a zone, and zones differ between computers.
    case 'link-local':
    case 'reserved':
      return false;
  }
}

/** The local network first, then addresses that need no port forwarding, then the others. */
function rankOf(kind: Candidate['kind'], { family, kind: address }: IpAddress): number {
  if (kind === 'observed') return 4;
  if (kind === 'public') return 3;
  if (address === 'private' || address === 'loopback') return 0;
  if (address === 'unique-local') return 1;
  return family === 6 ? 2 : 3;
}

/** Whether an address is on a local network; the user interface shows "on this network". */
export function isLocalNetwork(address: string): boolean {
  const kind = parseIpAddress(address)?.kind;
  return kind === 'private' || kind === 'unique-local' || kind === 'loopback' || kind === 'link-local';
}
