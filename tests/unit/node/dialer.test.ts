import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { DialTarget, Link, LinkEnd, Pin } from '../../../src/core/ports.ts';
import { nodeDialer } from '../../../src/node/dialer.ts';
import { authorityAndSigned, selfSigned, type TestCertificate } from '../../support/client-certificates.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A TLS server that sends one line and records received data. */
async function tlsServer(certificate: TestCertificate, options: TlsOptions = {}) {
  const heard: string[] = [];
  let connections = 0;
  const server = createTlsServer(
    { ...certificate, minVersion: 'TLSv1.3', ALPNProtocols: ['aside/1', 'aside-relay/1'], ...options },
    (socket: TLSSocket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => heard.push(String(bytes)));
      socket.write('welcome\n');
    },
  );
  server.on('tlsClientError', () => undefined);
  return { port: await listen(server), heard, connections: () => connections };
}

interface Dialled {
  link: Link;
  opened: boolean;
  text: string;
  end: Promise<LinkEnd>;
  firstBytes: Promise<void>;
}

function dial(port: number, security: DialTarget['security'], host = '127.0.0.1'): Dialled {
  let ended: (end: LinkEnd) => void;
  let read: () => void;
  const dialled: Dialled = {
    opened: false,
    text: '',
    end: new Promise((resolve) => {
      ended = resolve;
    }),
    firstBytes: new Promise((resolve) => {
      read = resolve;
    }),
    link: nodeDialer.dial(
      { host, port, security },
      {
        opened: () => {
          dialled.opened = true;
        },
        bytes: (chunk) => {
          dialled.text += Buffer.from(chunk).toString();
          read();
        },
        closed: (end) => ended(end),
      },
    ),
  };
  return dialled;
}

const pinOf = ({ cert }: TestCertificate): Pin => {
  const certificate = new X509Certificate(cert);
  return { fingerprint: certificate.fingerprint256, certificate: certificate.raw.toString('base64') };
};

describe('TLS link (G1)', () => {
  it('reports the certificate and never opens without a pin', async () => {
    const certificate = await selfSigned();
    const server = await tlsServer(certificate);
    const dialled = dial(server.port, { kind: 'tls', pin: undefined });
    dialled.link.send('secret\n');
    expect(await dialled.end).toEqual({ kind: 'certificate-unknown', presented: pinOf(certificate) });
    expect(dialled.opened).toBe(false);
    expect(dialled.text).toBe('');
    expect(server.heard).toEqual([]);
  });

  it.each([
    ['self-signed', selfSigned],
    ['signed by an unknown authority', async () => (await authorityAndSigned()).signed],
  ])('opens with the right pin and transports data both ways: %s', async (_kind, make) => {
    const certificate = await make();
    const server = await tlsServer(certificate);
    const dialled = dial(server.port, { kind: 'tls', pin: pinOf(certificate) });
    await dialled.firstBytes;
    expect(dialled).toMatchObject({ opened: true, text: 'welcome\n' });
    dialled.link.send('one\n');
    dialled.link.send('two\n');
    dialled.link.close();
    expect(await dialled.end).toEqual({ kind: 'problem', problem: { kind: 'lost' } });
    expect(server.heard.join('')).toBe('one\ntwo\n');
  });

  it('refuses and reports another certificate, also one with the same names', async () => {
    const [expected, other] = await Promise.all([selfSigned(), selfSigned()]);
    const server = await tlsServer(other);
    const dialled = dial(server.port, { kind: 'tls', pin: pinOf(expected) });
    dialled.link.send('secret\n');
    expect(await dialled.end).toEqual({
      kind: 'certificate-changed',
      expected: pinOf(expected),
      presented: pinOf(other),
    });
    expect(dialled.opened).toBe(false);
    expect(server.heard).toEqual([]);
  });

  it.each([
    ['no certificate', (pin: Pin) => ({ ...pin, certificate: 'x'.repeat(40) })],
    ['an empty certificate', (pin: Pin) => ({ ...pin, certificate: '' })],
    ['a part of the certificate', (pin: Pin) => ({ ...pin, certificate: pin.certificate.slice(0, 200) })],
    ['another fingerprint', (pin: Pin) => ({ ...pin, fingerprint: pin.fingerprint.replace(/^../, '') })],
  ])('refuses every server if the stored pin has %s, and reports that', async (_what, damage) => {
    const certificate = await selfSigned();
    const server = await tlsServer(certificate);
    const expected = damage(pinOf(certificate));
    const dialled = dial(server.port, { kind: 'tls', pin: expected });
    dialled.link.send('secret\n');
    const presented = pinOf(certificate);
    expect(await dialled.end).toEqual({ kind: 'certificate-changed', expected, presented, unreadable: true });
    expect(dialled.opened).toBe(false);
    expect(server.heard).toEqual([]);
  });

  it('refuses a certificate that the pinned one has signed', async () => {
    const { authority, signed } = await authorityAndSigned();
    const server = await tlsServer(signed);
    const dialled = dial(server.port, { kind: 'tls', pin: pinOf(authority) });
    expect((await dialled.end).kind).toBe('certificate-changed');
    expect(dialled.opened).toBe(false);
  });

  it.each([['http/1.1'], [undefined]])('refuses a server of another protocol: ALPN %s', async (protocol) => {
    const certificate = await selfSigned();
    const alpn = protocol === undefined ? { ALPNProtocols: [] } : { ALPNProtocols: [protocol] };
    const server = await tlsServer(certificate, alpn);
    for (const pin of [undefined, pinOf(certificate)]) {
      const dialled = dial(server.port, { kind: 'tls', pin });
      expect(await dialled.end).toMatchObject({ kind: 'problem', problem: { kind: 'not-aside' } });
      expect(dialled.opened).toBe(false);
    }
  });

  it('refuses older TLS', async () => {
    const certificate = await selfSigned();
    const server = await tlsServer(certificate, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    const dialled = dial(server.port, { kind: 'tls', pin: undefined });
    expect(await dialled.end).toMatchObject({ kind: 'problem', problem: { kind: 'not-aside' } });
  });

  it('reports a server without encryption', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('{"jsonrpc":"2.0","method":"hello","params":{}}\n');
        socket.on('data', () => socket.end('{"jsonrpc":"2.0"}\n'));
      }),
    );
    const dialled = dial(port, { kind: 'tls', pin: undefined });
    expect(await dialled.end).toMatchObject({ kind: 'problem', problem: { kind: 'not-encrypted' } });
  });
});

describe('Plaintext link', () => {
  it('transports data both ways and reports its end', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('data', (bytes: Buffer) => socket.end(`echo ${String(bytes)}`));
      }),
    );
    const dialled = dial(port, { kind: 'plaintext' });
    dialled.link.send('hello\n');
    expect(await dialled.end).toEqual({ kind: 'problem', problem: { kind: 'lost' } });
    expect(dialled).toMatchObject({ opened: true, text: 'echo hello\n' });
  });

  it('reports a refused connection', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    servers.splice(0);
    const dialled = dial(port, { kind: 'plaintext' });
    expect(await dialled.end).toMatchObject({ kind: 'problem', problem: { kind: 'refused' } });
  });

  it('reports an unknown name', async () => {
    const dialled = dial(1, { kind: 'plaintext' }, 'no-such-host.invalid');
    expect(await dialled.end).toMatchObject({ kind: 'problem', problem: { kind: 'unknown-host' } });
  });

  it('ends at once if destroyed while dialling', async () => {
    const port = await listen(createServer());
    const dialled = dial(port, { kind: 'plaintext' });
    dialled.link.destroy();
    expect((await dialled.end).kind).toBe('problem');
    expect(dialled.opened).toBe(false);
  });
});
