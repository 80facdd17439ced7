import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { chmod, open, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** Key and certificate of the server in PEM, and the SHA-256 of the certificate as in Node's `fingerprint256`. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  readonly fingerprint: string;
}

/** Key or certificate cannot be used. The message is a sentence for the operator that names the file. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const YEARS = 20;
const RSA_BITS_MIN = 2_048;
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * Loads the key and certificate of a data folder; creates them at first start (A1): P-256, self-signed, for 20 years.
 * The key is readable by its owner only, at every moment. Clients remember the certificate, so it is never replaced by
 * itself.
 * @param folder the data folder; must exist
 * @throws CertificateError if existing files cannot be used
 */
export async function loadOrMakeCertificate(folder: string): Promise<ServerCertificate> {
  const keyFile = join(folder, 'server-key.pem');
  const certificateFile = join(folder, 'server-certificate.pem');
  let key = await readIfThere(keyFile);
  const certificate = await readIfThere(certificateFile);
  if (key === undefined && certificate !== undefined) {
    throw new CertificateError(
      `${keyFile} is missing, but its certificate exists. Restore the key, or remove ${certificateFile} to make ` +
        'a new key and certificate (every client will then warn of a changed server).',
    );
  }
  if (key === undefined) {
    key = await makeKey();
    await writeOwnerOnly(keyFile, key);
  } else await chmod(keyFile, 0o600);
  if (certificate !== undefined)
    return check({ file: keyFile, text: key }, { file: certificateFile, text: certificate });
  const privateKey = parseKey(keyFile, key);
  if (privateKey.asymmetricKeyType !== 'ec') {
    throw new CertificateError(`${certificateFile} is missing. Restore it, or use --tls-key and --tls-cert.`);
  }
  const made = await makeCertificate(privateKey);
  await writeOwnerOnly(certificateFile, made);
  return check({ file: keyFile, text: key }, { file: certificateFile, text: made });
}

/**
 * Loads the operator's key and certificate (or chain), from --tls-key and --tls-cert.
 * @throws CertificateError if they cannot be read, do not match, or are neither P-256 nor RSA
 */
export async function loadCertificate(keyFile: string, certificateFile: string): Promise<ServerCertificate> {
  const key = await read(keyFile);
  const certificate = await read(certificateFile);
  return check({ file: keyFile, text: key }, { file: certificateFile, text: certificate });
}

interface Pem {
  readonly file: string;
  readonly text: string;
}

function check(key: Pem, certificate: Pem): ServerCertificate {
  const privateKey = parseKey(key.file, key.text);
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(certificate.text);
  } catch {
    throw new CertificateError(`${certificate.file} is not a certificate in PEM form.`);
  }
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new CertificateError(`The certificate ${certificate.file} does not match the key ${key.file}.`);
  }
  return { key: key.text, cert: certificate.text, fingerprint: leaf.fingerprint256 };
}

function parseKey(file: string, text: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new CertificateError(`${file} is not a private key in PEM form without a passphrase.`);
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const p256 = key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
  const rsa = key.asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS_MIN;
  if (!p256 && !rsa)
    throw new CertificateError(`${file} must be a P-256 key, or an RSA key of at least ${RSA_BITS_MIN} bits.`);
  return key;
}

async function makeKey(): Promise<string> {
  const { privateKey } = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

async function makeCertificate(key: KeyObject): Promise<string> {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, P256, true, ['sign']);
  const { d: _secret, key_ops: _operations, ...publicPart } = await webcrypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await webcrypto.subtle.importKey('jwk', publicPart, P256, true, ['verify']);
  const notBefore = new Date(Date.now() - 86_400_000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `00${randomBytes(16).toString('hex')}`,
    name: 'CN=aside',
    notBefore,
    notAfter,
    signingAlgorithm: P256,
    keys: { privateKey, publicKey },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternativeNames()),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

function alternativeNames(): x509.JsonGeneralNames {
  const dns = new Set(['localhost']);
  const own = hostname();
  // Only a valid DNS name; a machine may have any name.
  if (/^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/.test(own)) dns.add(own);
  return [
    ...[...dns].map((value) => ({ type: 'dns', value }) as const),
    { type: 'ip', value: '127.0.0.1' },
    { type: 'ip', value: '::1' },
  ];
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CertificateError(`${file} cannot be read (${codeOf(error)}).`);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new CertificateError(`${file} cannot be read (${codeOf(error)}).`);
  }
}

/** Writes a temporary file and renames it, so that the file is complete or absent, even after a power cut. */
async function writeOwnerOnly(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw new CertificateError(`${file} cannot be written (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
