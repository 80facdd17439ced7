import { PRIVATE_LIMITS } from '../../shared/limits.ts';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import type { CertificateMaker } from '../../core/private/private-ports.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Makes certificates for one session. They contain no data of the computer or the user. */
export const sessionCertificates: CertificateMaker = {
  async make() {
    const x509 = await certificates();
    const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
    const now = Date.now();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: `00${randomBytes(16).toString('hex')}`,
      name: 'CN=aside peer',
      notBefore: new Date(now - PRIVATE_LIMITS.certificateLifeMs),
      notAfter: new Date(now + PRIVATE_LIMITS.certificateLifeMs),
      signingAlgorithm: P256,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ],
    });
    return {
      certificate: Buffer.from(certificate.rawData).toString('base64'),
      key: KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
  },
};

/** Imported on first use: the import is slow, and many runs never need it. */
async function certificates() {
  await import('reflect-metadata');
  return await import('@peculiar/x509');
}
