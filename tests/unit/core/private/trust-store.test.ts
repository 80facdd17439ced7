import { describe, expect, it } from 'vitest';
import { TrustStore } from '../../../../src/core/private/identity/trust-store.ts';
import { computeSafetyNumber } from '../../../../src/core/private/identity/safety-number.ts';
import { nodePeerCrypto as crypto } from '../../../../src/node/peer/identity-crypto.ts';
import { makeIdentity, MemoryIdentityStore } from '../../../support/peer-introducer.ts';

const keyOf = (byte: number): string =>
  Buffer.concat([Buffer.from('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE', 'base64'), Buffer.alloc(64, byte)]).toString(
    'base64',
  );

describe('safetyNumber [ASIDE-PEER-7-1]', () => {
  const hans = { username: 'Hans', identityKey: keyOf(0x11) };
  const kevin = { username: 'KÉVIN', identityKey: keyOf(0x22) };

  it("equals an independent computation with Python's hashlib", () => {
    expect(computeSafetyNumber(hans, kevin, crypto)).toBe(
      '14890 87381 49363 07244 38659 56370 23857 68629 35560 71654 77007 15982',
    );
  });

  it('is the same on both sides, and differs with each key and name', () => {
    const number = computeSafetyNumber(hans, kevin, crypto);
    expect(computeSafetyNumber(kevin, hans, crypto)).toBe(number);
    expect(computeSafetyNumber({ ...hans, identityKey: keyOf(0x33) }, kevin, crypto)).not.toBe(number);
    expect(computeSafetyNumber({ ...hans, username: 'hanna' }, kevin, crypto)).not.toBe(number);
  });
});

describe('TrustStore (F8)', () => {
  const [one, other] = [makeIdentity().identityKey, makeIdentity().identityKey];

  it('takes an identity from new to known to verified, in any case of the username', () => {
    const identities = new TrustStore(new MemoryIdentityStore());
    expect(identities.trustOf('kevin', one)).toBe('new');
    expect(identities.trustOnFirstUse('kevin', one, 1)).toBe('new');
    expect(identities.trustOf('KEVIN', one)).toBe('known');
    expect(identities.setVerified('Kevin', one, true)).toBe(true);
    expect(identities.trustOf('kevin', one)).toBe('verified');
    expect(identities.identityKeyOf('Kevin')).toBe(one);
  });

  it('neither trusts nor verifies a changed identity before its acceptance, which does not verify the identity', () => {
    const identities = new TrustStore(new MemoryIdentityStore());
    identities.trustOnFirstUse('kevin', one, 1);
    identities.setVerified('kevin', one, true);
    expect(identities.trustOnFirstUse('kevin', other, 2)).toBe('changed');
    expect(identities.setVerified('kevin', other, true)).toBe(false);
    expect(identities.trustOf('kevin', one)).toBe('verified');
    identities.accept('kevin', other, 3);
    expect(identities.trustOf('kevin', other)).toBe('known');
    expect(identities.identityKeyOf('kevin')).toBe(other);
  });

  it('announces only a new identity of a user with several devices, and verifies each one (F10)', () => {
    const store = new MemoryIdentityStore();
    const identities = new TrustStore(store);
    identities.trustOnFirstUse('kevin', one, 1);
    identities.setVerified('kevin', one, true);
    identities.accept('kevin', other, 2);
    expect([one, other].map((key) => identities.trustOf('kevin', key))).toEqual(['verified', 'known']);
    expect(identities.trustOnFirstUse('kevin', one, 3)).toBe('verified');
    expect(identities.identityKeyOf('kevin')).toBe(one);
    expect(identities.setVerified('kevin', other, true)).toBe(true);
    expect([one, other].map((key) => identities.trustOf('kevin', key))).toEqual(['verified', 'verified']);
    expect(identities.trustOf('kevin', makeIdentity().identityKey)).toBe('changed');
    // After a restart, too.
    expect(new TrustStore(store).trustOf('kevin', other)).toBe('verified');
  });

  it('keeps a bounded number of identities, the most recently used ones (F10)', () => {
    const identities = new TrustStore(new MemoryIdentityStore());
    const keys = Array.from({ length: 12 }, (_one, n) => keyOf(n + 1));
    for (const [n, key] of keys.entries()) {
      if (n === 0) identities.trustOnFirstUse('kevin', key, n);
      else identities.accept('kevin', key, n);
    }
    expect(keys.map((key) => identities.trustOf('kevin', key))).toEqual([
      ...Array.from({ length: 3 }, () => 'changed'),
      ...Array.from({ length: 9 }, () => 'known'),
    ]);
  });

  it('keeps a verification when an unchanged identity is accepted', () => {
    const identities = new TrustStore(new MemoryIdentityStore());
    identities.trustOnFirstUse('kevin', one, 1);
    identities.setVerified('kevin', one, true);
    identities.accept('kevin', one, 2);
    expect(identities.trustOf('kevin', one)).toBe('verified');
  });
});

describe('Signatures', () => {
  it('are valid for their key and data only, and never throw', () => {
    const identity = makeIdentity();
    const data = new Uint8Array([1, 2, 3]);
    const signature = identity.sign(data);
    expect(signature).toHaveLength(64);
    expect(crypto.verify(identity.identityKey, data, signature)).toBe(true);
    expect(crypto.verify(identity.identityKey, new Uint8Array([1, 2]), signature)).toBe(false);
    expect(crypto.verify(makeIdentity().identityKey, data, signature)).toBe(false);
    expect(crypto.verify(keyOf(0x11), data, signature), 'a point off the curve').toBe(false);
    expect(crypto.verify('no key', data, signature)).toBe(false);
    expect(crypto.verify(identity.identityKey, data, new Uint8Array())).toBe(false);
  });
});
