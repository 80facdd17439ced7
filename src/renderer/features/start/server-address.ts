import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { DEFAULT_SERVER, type RememberedAccount, type ServerChoice } from '../../../shared/client-api/host.ts';

/**
 * Reads `host:port`, `[v6]:port`, or a host alone.
 * @returns undefined if it is none of these
 */
export function parseServer(text: string): ServerChoice | undefined {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? DEFAULT_SERVER.port : Number(match[3]);
  if (host === undefined || host.length > 253 || port < 1 || port > 65_535) return undefined;
  return { host, port };
}

export function writeServer({ host, port }: ServerChoice): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a host is this computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Whether two accounts have the same server and the same folded username. */
export function sameAccount(one: RememberedAccount, other: RememberedAccount): boolean {
  const folded = ({ server, username }: RememberedAccount) =>
    `${foldUsername(username)} ${writeServer(server).toLowerCase()}`;
  return folded(one) === folded(other);
}
