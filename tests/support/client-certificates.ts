import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY');
}

/** A self-signed P-256 certificate. */
export async function selfSigned(name = 'CN=aside'): Promise<TestCertificate> {
  const keys = await keyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({ name, keys, signingAlgorithm: ALGORITHM });
  return { key: await pemOf(keys.privateKey), cert: certificate.toString('pem') };
}

/** Certificate of an authority and one signed by it. */
export async function authorityAndSigned(): Promise<{ authority: TestCertificate; signed: TestCertificate }> {
  const authorityKeys = await keyPair();
  const keys = await keyPair();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=authority',
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  const signed = await x509.X509CertificateGenerator.create({
    subject: 'CN=aside.example',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
  });
  return {
    authority: { key: await pemOf(authorityKeys.privateKey), cert: authority.toString('pem') },
    signed: { key: await pemOf(keys.privateKey), cert: signed.toString('pem') },
  };
}
