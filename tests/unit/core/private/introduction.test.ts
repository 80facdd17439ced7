import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import { describe, expect, it } from 'vitest';
import { fromBase64, lengthPrefixed, toBase64, utf8 } from '../../../../src/core/private/bytes.ts';
import {
  type Answer,
  helloProof,
  type Offer,
  oneTimeSecret,
  signIntroduction,
  type Signal,
  verifyIntroduction,
  type Unsigned,
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
const offer: Unsigned<Offer> = { purpose: 'offer', ...common, ...introducing };
const answer: Unsigned<Answer> = {
  purpose: 'answer',
  ...common,
  ...introducing,
  peerKey: hans.identityKey,
  candidates,
};
const signal: Unsigned<Signal> = {
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

/** Changes the JSON of a sealed payload, without signing it anew. */
function changed(sealed: string, change: (payload: Record<string, unknown>) => void): string {
  const payload = JSON.parse(Buffer.from(sealed, 'base64').toString('utf8')) as Record<string, unknown>;
  change(payload);
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

describe('what is verified before anything is dialled [ASIDE-PEER-3-3]', () => {
  it('an offer, an answer and a signal as they are made', () => {
    expect(
      verifyIntroduction(signIntroduction<Offer>(offer, hans, crypto), { purpose: 'offer', ...toKevin }, crypto),
    ).toMatchObject({
      ok: true,
      payload: offer,
    });
    expect(
      verifyIntroduction(signIntroduction<Answer>(answer, kevin, crypto), { purpose: 'answer', ...toHans }, crypto),
    ).toMatchObject({
      ok: true,
      payload: answer,
    });
    expect(
      verifyIntroduction(
        signIntroduction<Signal>(signal, kevin, crypto),
        { purpose: 'signal', ...toHans, identityKey: kevin.identityKey },
        crypto,
      ),
    ).toMatchObject({ ok: true });
  });

  const sealed = signIntroduction<Answer>(answer, kevin, crypto);
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
  ])('a forged one: %s', (_what, change) => {
    expect(verifyIntroduction(changed(sealed, change), { purpose: 'answer', ...toHans }, crypto)).toEqual({
      ok: false,
      fault: 'signature',
    });
  });

  it.each<[string, string, string]>([
    ['no base64', '***', 'malformed'],
    ['no JSON', toBase64(utf8('{')), 'malformed'],
    ['a member too many', changed(sealed, (payload) => (payload.extra = 1)), 'malformed'],
    ['a member too few', changed(sealed, (payload) => delete payload.nonce), 'malformed'],
    ['another version', changed(sealed, (payload) => (payload.version = 2)), 'malformed'],
    ['too long', toBase64(new Uint8Array(9_000)), 'malformed'],
    ['signed by somebody else', signIntroduction<Answer>(answer, mallory, crypto), 'identity'],
    ['an offer in place of an answer', signIntroduction<Offer>(offer, kevin, crypto), 'role'],
    [
      'for somebody else',
      signIntroduction<Answer>({ ...answer, peerKey: mallory.identityKey }, kevin, crypto),
      'identity',
    ],
    ["one's own, mirrored", signIntroduction<Answer>(answer, hans, crypto), 'identity'],
    [
      'of another session',
      signIntroduction<Answer>({ ...answer, sid: sid.replace('1', '2') }, kevin, crypto),
      'session',
    ],
    [
      'with swapped names',
      signIntroduction<Answer>({ ...answer, asker: 'kevin', answerer: 'Hans' }, kevin, crypto),
      'names',
    ],
    [
      'late',
      signIntroduction<Answer>({ ...answer, madeAt: NOW - 400_000, expiresAt: NOW - 300_001 }, kevin, crypto),
      'expired',
    ],
    [
      'from the future',
      signIntroduction<Answer>({ ...answer, madeAt: NOW + 300_001, expiresAt: NOW + 330_000 }, kevin, crypto),
      'not-yet',
    ],
    [
      'good for too long',
      signIntroduction<Answer>({ ...answer, expiresAt: NOW + PRIVATE_LIMITS.introductionLifeMs + 1 }, kevin, crypto),
      'expired',
    ],
  ])('%s', (_what, payload, fault) => {
    expect(
      verifyIntroduction(payload, { purpose: 'answer', ...toHans, identityKey: kevin.identityKey }, crypto),
    ).toEqual({
      ok: false,
      fault,
    });
  });

  it('clocks may be five minutes apart', () => {
    const late = { ...toHans, now: NOW + 60_000 + PRIVATE_LIMITS.clockSkewMs };
    expect(verifyIntroduction(sealed, { purpose: 'answer', ...late }, crypto).ok).toBe(true);
    expect(verifyIntroduction(sealed, { purpose: 'answer', ...late, now: late.now + 1 }, crypto).ok).toBe(false);
  });

  it('no introduction twice; memory of it is bounded', () => {
    const used = new UsedIntroductions();
    const read = verifyIntroduction(
      signIntroduction<Offer>(offer, hans, crypto),
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

describe('the canonical form [ASIDE-PEER-3-1]', () => {
  it('tells fields apart wherever they are cut', () => {
    expect(Buffer.from(lengthPrefixed(['ab', 7])).toString('hex')).toBe('00000002616200000001' + '37');
    expect(lengthPrefixed(['ab', 'c'])).not.toEqual(lengthPrefixed(['a', 'bc']));
  });

  it('base64 has one spelling', () => {
    expect(fromBase64('QQ==')).toEqual(new Uint8Array([65]));
    for (const spelling of ['QR==', 'QQ', 'QQ= =', ' QQ==', 'QQ==\n']) expect(fromBase64(spelling)).toBeUndefined();
  });
});

describe('the one-time secret and the proof [ASIDE-PEER-5-5] [ASIDE-PEER-5-6]', () => {
  const nonces = { initiatorNonce: toBase64(new Uint8Array(32).fill(1)), responderNonce: other32(2) };
  const introduced = { sid, initiatorKey: hans.identityKey, responderKey: kevin.identityKey, ...nonces };
  function other32(value: number): string {
    return toBase64(new Uint8Array(32).fill(value));
  }
  const exporter = new Uint8Array(32).fill(9);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  it('is as RFC 5869 makes it, computed independently', () => {
    // Python: hmac/hashlib, extract with salt = sid, ikm = 00000020 || 01*32 || 00000020 || 02*32; expand one block.
    expect(hex(oneTimeSecret(introduced, 1, crypto))).toBe(
      '3ae6bf5980959244925bdc3464122d33948b0049ced3f46cfe1b37156deafea4',
    );
  });

  it('differs with everything that it is bound to', () => {
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
