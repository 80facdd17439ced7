import type { ServerChoice } from '../shared/client-api/host.ts';
import { isLoopbackHost } from '../shared/ip-address.ts';
import { browserHostText } from '../shared/text/shell.ts';

/**
 * Reads `host:port`; an IPv6 address is in brackets, as in a URL.
 * @returns the server, or an error message
 */
export function readServer(text: string, plaintext: boolean): ServerChoice | string {
  const [, bracketed, plain, portText = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = readPort(portText);
  if (host === undefined || port === undefined) return browserHostText.badServer;
  if (plaintext && !isLoopbackHost(host)) return browserHostText.plaintextElsewhere;
  return { host, port, ...(plaintext ? { plaintext } : {}) };
}

/** @returns undefined if the text is not a number from 1 to 65535 */
export function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
