import { createHash, createHmac, createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';
import type { IdentitySigner, PeerCrypto } from '../../core/private/private-ports.ts';

const HASH = 'sha256';
const ENCODING = 'ieee-p1363';

/** Cryptography of private sessions with Node's crypto module. */
export const nodePeerCrypto: PeerCrypto = {
  sha256: (data) => createHash(HASH).update(data).digest(),
  sha512: (data) => createHash('sha512').update(data).digest(),
  hmacSha256: (key, data) => createHmac(HASH, key).update(data).digest(),
  hkdfSha256: (secret, salt, info, length) => new Uint8Array(hkdfSync(HASH, secret, salt, info, length)),
  verify(identityKey, data, signature) {
    try {
      const key = createPublicKey({ key: Buffer.from(identityKey, 'base64'), format: 'der', type: 'spki' });
      if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
      return verify(HASH, data, { key, dsaEncoding: ENCODING }, signature);
    } catch {
      return false;
    }
  },
};

/**
 * The device's identity from its key.
 * @param pem PKCS #8 of a P-256 key
 * @throws if the key is invalid
 */
export function deviceIdentity(pem: string): IdentitySigner {
  const privateKey = createPrivateKey(pem);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    identityKey: spki.toString('base64'),
    sign: (data) => sign(HASH, data, { key: privateKey, dsaEncoding: ENCODING }),
  };
}
