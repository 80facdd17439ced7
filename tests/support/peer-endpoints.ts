import type { Socket } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';
import type { Candidate } from '../../src/core/private/signaling/candidates.ts';
import type {
  EndpointSecurity,
  AttemptFailure,
  PeerEndpoint,
  PeerLink,
  SessionCertificate,
} from '../../src/core/private/private-ports.ts';

const here = (port: number): Candidate => ({ kind: 'host', address: '127.0.0.1', port });

export function security(
  tlsRole: 'client' | 'server',
  own: SessionCertificate,
  peer: SessionCertificate,
): EndpointSecurity {
  return { tlsRole, own, peerCertificate: peer.certificate };
}

/** Listens; `links` are the authenticated peers. */
export async function listening(
  endpoint: PeerEndpoint,
): Promise<{ port: number; links: PeerLink[]; first: Promise<PeerLink> }> {
  const links: PeerLink[] = [];
  let found: (link: PeerLink) => void = () => undefined;
  const first = new Promise<PeerLink>((resolve) => {
    found = resolve;
  });
  const port = await new Promise<number | undefined>((resolve) => {
    endpoint.listen(resolve, (link) => {
      links.push(link);
      found(link);
    });
  });
  if (port === undefined) throw new Error('cannot listen');
  return { port, links, first };
}

export function dialling(endpoint: PeerEndpoint, port: number): Promise<PeerLink | AttemptFailure> {
  return new Promise((resolve) => {
    endpoint.dial(here(port), undefined, { connected: resolve, failed: resolve });
  });
}

export function tunnelling(endpoint: PeerEndpoint, token: string): Promise<PeerLink | AttemptFailure> {
  return new Promise((resolve) => {
    endpoint.tunnel(token, { connected: resolve, failed: resolve });
  });
}

/** Reads a link until it ends. */
export function reading(link: PeerLink): {
  text: () => string;
  ended: Promise<void>;
  until(part: string): Promise<void>;
} {
  let received = '';
  let wake: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    link.open({
      bytes: (chunk) => {
        received += Buffer.from(chunk).toString('utf8');
        wake();
      },
      drained: () => undefined,
      closed: resolve,
    });
  });
  return {
    text: () => received,
    ended,
    async until(part) {
      while (!received.includes(part)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Waits for a condition without an event. @throws after 25 s */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (Date.now() < deadline) {
    if (condition()) return;
    await later(10);
  }
  throw new Error(`never: ${what}`);
}

/** All bytes that a socket receives until it is closed. */
export async function everything(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await new Promise((resolve) => {
    socket.once('close', resolve);
  });
  return received;
}
