import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import { describe, expect, it } from 'vitest';
import { fromBase64, lengthPrefixed, toBase64, utf8 } from '../../../../src/core/private/bytes.ts';
import {
  type AnswerPayload,
  helloProof,
  type OfferPayload,
  oneTimeSecret,
  signIntroduction,
  type SignalPayload,
  verifyIntroduction,
  type UnsignedPayload,
  UsedIntroductions,
} from '../../../../src/core/private/signaling/introduction.ts';
import { nodePeerCrypto as crypto } from '../../../../src/node/peer/identity-crypto.ts';
import { makeIdentity } from '../../../support/peer-introducer.ts';

const hans = makeIdentity();
const kevin = makeIdentity();
const mallory = makeIdentity();
const NOW = 1_800_000_000_000;
const sid = '019363a0-0000-7000-8000-000000000001';
const common = { sid, asker: 'Hans', answerer: 'kevin', madeAt: NOW, expiresAt: NOW + 60_000 };
const introducing = {
  certificate: toBase64(utf8('certificate')),
  nonce: toBase64(new Uint8Array(32).fill(7)),
  relayOnly: false,
};
const candidates = [{ kind: 'host' as const, address: '192.168.1.12', port: 40_000 }];
const offer: UnsignedPayload<OfferPayload> = { purpose: 'offer', ...common, ...introducing };
const answer: UnsignedPayload<AnswerPayload> = {
  purpose: 'answer',
  ...common,
  ...introducing,
  peerKey: hans.identityKey,
  candidates,
};
const signal: UnsignedPayload<SignalPayload> = {
  purpose: 'signal',
  ...common,
  peerKey: hans.identityKey,
  sequence: 1,
  round: 1,
  about: 'candidates',
  candidates,
};
const toKevin = {
  sid,
  initiator: 'hans',
  responder: 'kevin',
  identityKey: undefined,
  ownKey: kevin.identityKey,
  now: NOW,
};
const toHans = { ...toKevin, ownKey: hans.identityKey };

/** Changes the JSON of a signed payload without signing it again. */
function changed(encoded: string, change: (payload: Record<string, unknown>) => void): string {
  const payload = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, unknown>;
  change(payload);
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

describe('verifyIntroduction [ASIDE-PEER-3-3]', () => {
  it('accepts signed offers, answers and signals', () => {
    expect(
      verifyIntroduction(signIntroduction<OfferPayload>(offer, hans, crypto), { purpose: 'offer', ...toKevin }, crypto),
    ).toMatchObject({
      ok: true,
      payload: offer,
    });
    expect(
      verifyIntroduction(
        signIntroduction<AnswerPayload>(answer, kevin, crypto),
        { purpose: 'answer', ...toHans },
        crypto,
      ),
    ).toMatchObject({
      ok: true,
      payload: answer,
    });
    expect(
      verifyIntroduction(
        signIntroduction<SignalPayload>(signal, kevin, crypto),
        { purpose: 'signal', ...toHans, identityKey: kevin.identityKey },
        crypto,
      ),
    ).toMatchObject({ ok: true });
  });

  const encoded = signIntroduction<AnswerPayload>(answer, kevin, crypto);
  const other = toBase64(new Uint8Array(32).fill(8));
  it.each<[string, (payload: Record<string, unknown>) => void]>([
    ['certificate', (payload) => (payload.certificate = toBase64(utf8('another')))],
    ['nonce', (payload) => (payload.nonce = other)],
    ['candidates', (payload) => (payload.candidates = [{ kind: 'host', address: '10.0.0.1', port: 40_000 }])],
    ['fewer candidates', (payload) => (payload.candidates = [])],
    ['relayOnly', (payload) => (payload.relayOnly = true)],
    ['madeAt', (payload) => (payload.madeAt = NOW + 1)],
    ['expiresAt', (payload) => (payload.expiresAt = NOW + 61_000)],
    ['spelling of a name', (payload) => (payload.asker = 'HANS')],
    ['identityKey', (payload) => (payload.identityKey = mallory.identityKey)],
    ['signature', (payload) => (payload.signature = toBase64(new Uint8Array(64).fill(1)))],
  ])('refuses a forged payload: %s', (_what, change) => {
    expect(verifyIntroduction(changed(encoded, change), { purpose: 'answer', ...toHans }, crypto)).toEqual({
      ok: false,
      fault: 'signature',
    });
  });

  it.each<[string, string, string]>([
    ['a text that is no base64', '***', 'malformed'],
    ['a payload that is no JSON', toBase64(utf8('{')), 'malformed'],
    ['an unknown member', changed(encoded, (payload) => (payload.extra = 1)), 'malformed'],
    ['a missing member', changed(encoded, (payload) => delete payload.nonce), 'malformed'],
    ['another version', changed(encoded, (payload) => (payload.version = 2)), 'malformed'],
    ['a payload that is too long', toBase64(new Uint8Array(9_000)), 'malformed'],
    ['a payload of another signer', signIntroduction<AnswerPayload>(answer, mallory, crypto), 'identity'],
    ['an offer in place of an answer', signIntroduction<OfferPayload>(offer, kevin, crypto), 'role'],
    [
      'a payload for another identity',
      signIntroduction<AnswerPayload>({ ...answer, peerKey: mallory.identityKey }, kevin, crypto),
      'identity',
    ],
    ['its own payload, mirrored', signIntroduction<AnswerPayload>(answer, hans, crypto), 'identity'],
    [
      'a payload of another session',
      signIntroduction<AnswerPayload>({ ...answer, sid: sid.replace('1', '2') }, kevin, crypto),
      'session',
    ],
    [
      'a payload with swapped names',
      signIntroduction<AnswerPayload>({ ...answer, asker: 'kevin', answerer: 'Hans' }, kevin, crypto),
      'names',
    ],
    [
      'a payload that is late',
      signIntroduction<AnswerPayload>({ ...answer, madeAt: NOW - 400_000, expiresAt: NOW - 300_001 }, kevin, crypto),
      'expired',
    ],
    [
      'a payload from the future',
      signIntroduction<AnswerPayload>({ ...answer, madeAt: NOW + 300_001, expiresAt: NOW + 330_000 }, kevin, crypto),
      'not-yet',
    ],
    [
      'a payload with too long a life',
      signIntroduction<AnswerPayload>(
        { ...answer, expiresAt: NOW + PRIVATE_LIMITS.introductionLifeMs + 1 },
        kevin,
        crypto,
      ),
      'expired',
    ],
  ])('refuses %s', (_what, payload, fault) => {
    expect(
      verifyIntroduction(payload, { purpose: 'answer', ...toHans, identityKey: kevin.identityKey }, crypto),
    ).toEqual({
      ok: false,
      fault,
    });
  });

  it('allows clocks that are five minutes apart', () => {
    const late = { ...toHans, now: NOW + 60_000 + PRIVATE_LIMITS.clockSkewMs };
    expect(verifyIntroduction(encoded, { purpose: 'answer', ...late }, crypto).ok).toBe(true);
    expect(verifyIntroduction(encoded, { purpose: 'answer', ...late, now: late.now + 1 }, crypto).ok).toBe(false);
  });

  it('refuses a used introduction, with bounded memory', () => {
    const used = new UsedIntroductions();
    const read = verifyIntroduction(
      signIntroduction<OfferPayload>(offer, hans, crypto),
      { purpose: 'offer', ...toKevin },
      crypto,
    );
    if (!read.ok) throw new Error(read.fault);
    expect(used.take(read.payload)).toBe(true);
    expect(used.take(read.payload)).toBe(false);
    expect(used.take({ ...read.payload, sid: 'another' })).toBe(false);
    expect(used.take({ ...read.payload, nonce: other, sid: 'another' })).toBe(true);
  });
});

describe('Canonical form [ASIDE-PEER-3-1]', () => {
  it('differs for two lists of fields with the same concatenation', () => {
    expect(Buffer.from(lengthPrefixed(['ab', 7])).toString('hex')).toBe('00000002616200000001' + '37');
    expect(lengthPrefixed(['ab', 'c'])).not.toEqual(lengthPrefixed(['a', 'bc']));
  });

  it('equals an independent computation of the signed bytes [ASIDE-PEER-3-2]', () => {
    // Python: SHA-256 of the length-prefixed fields of an answer.
    const signed: Uint8Array[] = [];
    const identity = {
      identityKey: 'own key',
      sign: (data: Uint8Array) => {
        signed.push(crypto.sha256(data));
        return new Uint8Array(64);
      },
    };
    signIntroduction<AnswerPayload>({ ...answer, peerKey: 'peer key' }, identity, crypto);
    expect(signed.map((hash) => Buffer.from(hash).toString('hex'))).toEqual([
      '815b8b5996e6ea869613a464d66dcd5d6c5a17f04f6bdb973a880f8546c2b720',
    ]);
  });

  it('has one spelling of base64', () => {
    expect(fromBase64('QQ==')).toEqual(new Uint8Array([65]));
    for (const spelling of ['QR==', 'QQ', 'QQ= =', ' QQ==', 'QQ==\n']) expect(fromBase64(spelling)).toBeUndefined();
  });
});

describe('One-time secret and proof [ASIDE-PEER-5-5] [ASIDE-PEER-5-6]', () => {
  const nonces = { initiatorNonce: toBase64(new Uint8Array(32).fill(1)), responderNonce: other32(2) };
  const introduced = { sid, initiatorKey: hans.identityKey, responderKey: kevin.identityKey, ...nonces };
  function other32(value: number): string {
    return toBase64(new Uint8Array(32).fill(value));
  }
  const exporter = new Uint8Array(32).fill(9);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  it('equal an independent computation by RFC 5869', () => {
    // Python: hmac/hashlib, extract with salt = sid, ikm = 00000020 || 01*32 || 00000020 || 02*32; expand one block.
    expect(hex(oneTimeSecret(introduced, 1, crypto))).toBe(
      '3ae6bf5980959244925bdc3464122d33948b0049ced3f46cfe1b37156deafea4',
    );
  });

  it('equal an independent computation of the proofs, with the role names of the wire', () => {
    // Python: hmac/hashlib over the length-prefixed fields.
    const pair = { ...introduced, initiatorKey: 'initiator key', responderKey: 'responder key' };
    const secret = oneTimeSecret(pair, 1, crypto);
    expect(hex(helloProof(pair, secret, 'initiator', exporter, crypto))).toBe(
      '386ff1938d0de39d37b39cb94f70c8bf7f6b3399d78c2ff3066b5158565fcfa6',
    );
    expect(hex(helloProof(pair, secret, 'responder', exporter, crypto))).toBe(
      '0127935f9e8a4084e7e8890378a82764db114a65147c0cb07fe2fa85a956647f',
    );
  });

  it('differ with each input', () => {
    const secret = oneTimeSecret(introduced, 1, crypto);
    const proof = helloProof(introduced, secret, 'initiator', exporter, crypto);
    const others = [
      helloProof(introduced, secret, 'responder', exporter, crypto),
      helloProof(introduced, secret, 'initiator', new Uint8Array(32).fill(8), crypto),
      helloProof(introduced, oneTimeSecret(introduced, 2, crypto), 'initiator', exporter, crypto),
      helloProof(
        introduced,
        oneTimeSecret({ ...introduced, responderNonce: other32(3) }, 1, crypto),
        'initiator',
        exporter,
        crypto,
      ),
      helloProof({ ...introduced, initiatorKey: mallory.identityKey }, secret, 'initiator', exporter, crypto),
      helloProof({ ...introduced, sid: sid.replace('1', '2') }, secret, 'initiator', exporter, crypto),
    ];
    expect(new Set([proof, ...others].map(hex)).size).toBe(7);
  });
});
