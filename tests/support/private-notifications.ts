import type { PrivateEndReason } from '../../src/shared/protocol/reasons.ts';
import type { ServerLine } from './wire-client.ts';

/** The server's notifications of private requests and sessions, by docs/protocol.md. */
export interface PrivateNotifications {
  'private.requested': { sid: string; from: string; offer: string; note?: string; expiresAt: number };
  'private.answered': { sid: string; accepted: boolean; answer?: string };
  'private.signal': { sid: string; payload: string; observed?: string };
  'private.ended': { sid: string; by?: string; reason: PrivateEndReason };
}

/** A client of a test, in memory or over a socket. */
interface NotifiedClient {
  readonly lines: readonly ServerLine[];
  next(wants: (line: ServerLine) => boolean, what: string): Promise<ServerLine>;
}

/** Waits for the next notification of a kind that no test has taken yet. */
export async function nextNotification<M extends keyof PrivateNotifications>(
  client: NotifiedClient,
  method: M,
): Promise<PrivateNotifications[M]> {
  const line = await client.next((other) => other.method === method, method);
  return line.params as PrivateNotifications[M];
}

/** All private notifications of a client, in order: method and parameters. */
export function privateNotifications(client: NotifiedClient): { method: string; params: unknown }[] {
  return client.lines.flatMap(({ method, params }) => (method?.startsWith('private.') ? [{ method, params }] : []));
}

/** Base64 of a text that is unique to this test. */
export function fakePayload(text: string): string {
  return Buffer.from(text).toString('base64');
}
