import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CertificateError,
  loadCertificate,
  loadOrMakeCertificate,
} from '../../../../server/src/transport/certificate.ts';

let folder: string;
const keyFile = (): string => join(folder, 'server-key.pem');
const certificateFile = (): string => join(folder, 'server-certificate.pem');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aside-certificate-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('Certificate of a data folder (A1)', () => {
  test('is created once: P-256, 20 years, for this host', async () => {
    const made = await loadOrMakeCertificate(folder);
    const parsed = new X509Certificate(made.cert);
    expect(parsed.fingerprint256).toBe(made.fingerprint);
    expect(parsed.subject).toBe('CN=aside');
    expect(parsed.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(parsed.checkHost('localhost')).toBe('localhost');
    for (const address of ['127.0.0.1', '::1']) expect(parsed.checkIP(address)).toBe(address);
    const years = (Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)) / (365.25 * 86_400_000);
    expect(years).toBeCloseTo(20, 1);
    expect(Date.parse(parsed.validFrom)).toBeLessThan(Date.now());
    expect(await loadOrMakeCertificate(folder)).toEqual(made);
    expect(await readdir(folder)).toEqual(['server-certificate.pem', 'server-key.pem']);
  });

  test('serves TLS 1.3 to a client that trusts only this certificate', async () => {
    const { key, cert } = await loadOrMakeCertificate(folder);
    const server = createServer({ key, cert, minVersion: 'TLSv1.3' });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client: TLSSocket = connect({ host: '127.0.0.1', port, ca: [cert] });
    await once(client, 'secureConnect');
    expect([client.authorized, client.getProtocol()]).toEqual([true, 'TLSv1.3']);
    client.destroy();
    server.close();
  });

  test('has a key that only its owner can read, at every moment', async () => {
    const modes = new Set<number>();
    const watcher = watch(folder, (_event, name) => {
      void stat(join(folder, String(name))).then(
        ({ mode }) => modes.add(mode & 0o777),
        () => {},
      );
    });
    const before = process.umask(0);
    try {
      await loadOrMakeCertificate(folder);
    } finally {
      process.umask(before);
      watcher.close();
    }
    expect([...modes].filter((mode) => mode !== 0o600)).toEqual([]);
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    await chmod(keyFile(), 0o644);
    await loadOrMakeCertificate(folder);
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
  });

  test('is created for an existing key; a key is never replaced', async () => {
    const first = await loadOrMakeCertificate(folder);
    await rm(certificateFile());
    const second = await loadOrMakeCertificate(folder);
    expect(second.key).toBe(first.key);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    await rm(keyFile());
    await expect(loadOrMakeCertificate(folder)).rejects.toThrow(/server-key\.pem is missing/);
    expect(await readdir(folder)).toEqual(['server-certificate.pem']);
  });

  test('leads to an error that names a damaged file', async () => {
    await loadOrMakeCertificate(folder);
    await writeFile(certificateFile(), 'nonsense');
    await expect(loadOrMakeCertificate(folder)).rejects.toThrow(
      `${certificateFile()} is not a certificate in PEM form.`,
    );
    await expect(loadOrMakeCertificate(join(folder, 'none'))).rejects.toThrow(/cannot be written \(ENOENT\)/);
  });
});

describe('Own certificate (A3)', () => {
  test('is used with its key', async () => {
    const made = await loadOrMakeCertificate(folder);
    expect(await loadCertificate(keyFile(), certificateFile())).toEqual(made);
  });

  test('may use RSA', async () => {
    const [key, cert] = [join(folder, 'rsa.key'), join(folder, 'rsa.crt')];
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=rsa'];
    await promisify(execFile)('openssl', args);
    const loaded = await loadCertificate(key, cert);
    expect(loaded.fingerprint).toBe(new X509Certificate(await readFile(cert)).fingerprint256);
  });

  const pem = (type: 'pkcs8', pair: { privateKey: KeyObject }): string =>
    pair.privateKey.export({ type, format: 'pem' }).toString();

  test.each([
    ['another key', () => pem('pkcs8', generateKeyPairSync('ec', { namedCurve: 'P-256' })), /does not match the key/],
    [
      'Ed25519',
      () => pem('pkcs8', generateKeyPairSync('ed25519')),
      /must be a P-256 key, or an RSA key of at least 2048 bits/,
    ],
    ['P-384', () => pem('pkcs8', generateKeyPairSync('ec', { namedCurve: 'P-384' })), /must be a P-256 key/],
    ['a small RSA key', () => pem('pkcs8', generateKeyPairSync('rsa', { modulusLength: 1024 })), /must be a P-256 key/],
    ['no key', () => 'nonsense', /is not a private key in PEM form without a passphrase/],
  ])('is refused with %s', async (_what, key, message) => {
    await loadOrMakeCertificate(folder);
    const other = join(folder, 'other.pem');
    await writeFile(other, key());
    await expect(loadCertificate(other, certificateFile())).rejects.toThrow(message);
    await expect(loadCertificate(other, certificateFile())).rejects.toBeInstanceOf(CertificateError);
  });

  test('is refused if it does not exist', async () => {
    await expect(loadCertificate(join(folder, 'none.pem'), 'x')).rejects.toThrow(/none\.pem cannot be read \(ENOENT\)/);
  });
});
