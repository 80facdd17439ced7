import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { clientFailure, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { ServerParams } from '../../shared/protocol/messages.ts';
import type { DialTarget, Pin, Pins, Ports, ServerAddress } from '../ports.ts';
import { RpcConnection } from './rpc-connection.ts';

/** Ports that read and pin certificates. */
export type TrustPorts = Pick<Ports, 'dialer' | 'clock' | 'pins'>;

/** Whether two pins of one certificate can be those of one server; an unknown id fits every id (B8). */
export function mayBeSameServer(one: Pin, other: Pin): boolean {
  return one.id === undefined || other.id === undefined || one.id === other.id;
}

/** Keeps the id with which the server at `server` greets under its pinned certificate (B8). */
export function rememberServerId(pins: Pins, server: ServerAddress, id: string): void {
  try {
    const pin = pins.read(server);
    if (pin !== undefined && pin.id !== id) pins.write(server, { ...pin, id });
  } catch {
    // The disk may be full, or the file damaged: the next connection tries again.
  }
}

/**
 * Pins a certificate for another address of a known server (B8). The server there has to prove the certificate and to
 * greet with an id that is known under it; nothing is sent to it.
 * @param presented the certificate that the server at this address has shown
 * @returns whether the server is a known one; a failure if it does not answer. Throws when the disk fails
 */
export async function recognizeServer(
  { dialer, clock, pins }: TrustPorts,
  server: ServerAddress,
  presented: Pin,
): Promise<Outcome<boolean>> {
  const known = pins.withCertificate(presented);
  if (known.length === 0) return succeeded(false);
  const greeted = await readGreeting({ dialer, clock }, server, { kind: 'tls', pin: presented });
  if (!greeted.ok) return greeted;
  const pin = { ...presented, id: greeted.result.server.id };
  if (!known.some((one) => mayBeSameServer(one, pin))) return succeeded(false);
  pins.write(server, pin);
  return succeeded(true);
}

/** Recognizes a known server at an address without a pin, before the profile of an account is opened. */
export async function recognizeAddress(ports: TrustPorts, server: ServerAddress): Promise<void> {
  if (ports.pins.read(server) !== undefined) return;
  const presented = await readCertificate(ports, server);
  if (presented !== undefined) await recognizeServer(ports, server, presented);
}

/** Reads a certificate without trusting it; undefined if the server does not answer, which the connection reports. */
function readCertificate({ dialer, clock }: TrustPorts, server: ServerAddress): Promise<Pin | undefined> {
  return new Promise((resolve) => {
    const link = dialer.dial(
      { ...server, security: { kind: 'tls', pin: undefined } },
      {
        opened: () => link.destroy(),
        bytes: () => undefined,
        closed: (end) => {
          timer.cancel();
          resolve(end.kind === 'certificate-unknown' ? end.presented : undefined);
        },
      },
    );
    const timer = clock.after(CLIENT_LIMITS.greetingMs, () => link.destroy());
  });
}

/** Reads the greeting of a server, which has to prove its pin; nothing is sent to it. */
export function readGreeting(
  { dialer, clock }: Pick<Ports, 'dialer' | 'clock'>,
  server: ServerAddress,
  security: DialTarget['security'],
): Promise<Outcome<ServerParams<'hello'>>> {
  return new Promise((resolve) => {
    const connection = new RpcConnection(
      (link) => dialer.dial({ host: server.host, port: server.port, security }, link),
      clock,
      {
        notification: (notification) => {
          if (notification.method !== 'hello') return;
          resolve(succeeded(notification.params));
          connection.close();
        },
        chunkEnd: () => undefined,
        closed: (end) => {
          const problem = end.kind === 'problem' ? end.problem : undefined;
          const failure =
            end.kind === 'rejected' ? end.failure : clientFailure('cannot-connect', { ...(problem && { problem }) });
          resolve({ ok: false, failure });
        },
      },
    );
  });
}
