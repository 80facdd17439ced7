import { LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { z } from 'zod';
import { count, identityKey, timestamp, username, uuid } from '../../../shared/protocol/ids.ts';
import type { IntroductionFault } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { fromBase64, lengthPrefixed, toBase64, utf8 } from '../bytes.ts';
import { candidate } from './candidates.ts';
import type { IdentitySigner, PeerCrypto } from '../private-ports.ts';

/** The initiator sent the request, the responder accepts it. */
export type PeerRole = 'initiator' | 'responder';

/** Role names in what is signed and proven. */
const WIRE_ROLES = { initiator: 'asker', responder: 'answerer' } as const satisfies Record<PeerRole, string>;

const base64Of = (bytes: number) =>
  z
    .string()
    .length(Math.ceil(bytes / 3) * 4)
    .refine((text) => fromBase64(text)?.length === bytes);

const common = {
  version: z.literal(1),
  sid: uuid,
  asker: username,
  answerer: username,
  /** The signer's device identity: base64 of the SPKI DER. */
  identityKey,
  madeAt: timestamp,
  expiresAt: timestamp,
  signature: base64Of(64),
};
const introducing = {
  /** The signer's session certificate: DER in base64. */
  certificate: z
    .string()
    .max(4_096)
    .refine((text) => fromBase64(text) !== undefined),
  nonce: base64Of(32),
  /** The signer accepts the tunnel only. */
  relayOnly: z.boolean(),
};
const candidates = z.array(candidate).max(PRIVATE_LIMITS.candidates);

export const introductionPayload = z.discriminatedUnion('purpose', [
  z.strictObject({ purpose: z.literal('offer'), ...common, ...introducing }),
  z.strictObject({ purpose: z.literal('answer'), ...common, ...introducing, peerKey: identityKey, candidates }),
  z.strictObject({
    purpose: z.literal('signal'),
    ...common,
    peerKey: identityKey,
    /** Rises with every signal of this side in this session. */
    sequence: count.min(1),
    /** Counts the negotiations of a path; the first is 1. */
    round: count.min(1),
    /** `candidates`: new addresses of the signer. `tunnel`: both use it now. `lost`: the path of this round has ended. */
    about: z.enum(['candidates', 'tunnel', 'lost']),
    candidates,
  }),
]);
export type IntroductionPayload = z.infer<typeof introductionPayload>;
export type OfferPayload = Extract<IntroductionPayload, { purpose: 'offer' }>;
export type AnswerPayload = Extract<IntroductionPayload, { purpose: 'answer' }>;
export type SignalPayload = Extract<IntroductionPayload, { purpose: 'signal' }>;
/** A payload before it is signed. */
export type UnsignedPayload<T extends IntroductionPayload> = Omit<T, 'version' | 'identityKey' | 'signature'>;

const DOMAIN = 'aside private introduction v1';

/**
 * The signed bytes [ASIDE-PEER-3-2]: each field follows its length, in this order. Fields that a purpose does not have are
 * empty, so that a payload of one purpose never reads as one of another.
 */
function canonicalForm(payload: Omit<IntroductionPayload, 'signature'>, crypto: PeerCrypto): Uint8Array {
  // One list of members for all three purposes.
  const all = payload as Partial<
    Omit<OfferPayload, 'purpose'> & Omit<AnswerPayload, 'purpose'> & Omit<SignalPayload, 'purpose'>
  >;
  const { certificate, candidates: listed = [] } = all;
  return lengthPrefixed([
    DOMAIN,
    payload.purpose,
    payload.sid,
    payload.asker,
    payload.answerer,
    payload.identityKey,
    all.peerKey ?? '',
    certificate === undefined ? '' : crypto.sha256(fromBase64(certificate) ?? new Uint8Array()),
    all.nonce ?? '',
    payload.madeAt,
    payload.expiresAt,
    all.relayOnly === undefined ? '' : String(all.relayOnly),
    all.sequence ?? '',
    all.round ?? '',
    all.about ?? '',
    listed.length,
    ...listed.flatMap(({ kind, address, port }) => [kind, address, port]),
  ]);
}

/** Signs a payload. @returns JSON in base64, at most 8 KiB decoded, as the server passes it on */
export function signIntroduction<T extends IntroductionPayload>(
  unsigned: UnsignedPayload<T>,
  identity: IdentitySigner,
  crypto: PeerCrypto,
): string {
  // Omit over a type parameter loses the members of T; all are there.
  const payload = { version: 1, ...unsigned, identityKey: identity.identityKey } as unknown as Omit<T, 'signature'>;
  const signature = toBase64(identity.sign(canonicalForm(payload as Omit<IntroductionPayload, 'signature'>, crypto)));
  return toBase64(utf8(JSON.stringify({ ...payload, signature })));
}

/** Required properties of an introduction. */
export interface ExpectedIntroduction<P extends IntroductionPayload['purpose']> {
  readonly purpose: P;
  readonly sid: string;
  readonly initiator: string;
  readonly responder: string;
  /** The signer's identity, if this session knows it already. */
  readonly identityKey: string | undefined;
  /** Own identity, which a payload with `peerKey` has to name. */
  readonly ownKey: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

export type VerifiedIntroduction<P extends IntroductionPayload['purpose']> =
  | { readonly ok: true; readonly payload: Extract<IntroductionPayload, { purpose: P }> }
  | { readonly ok: false; readonly fault: IntroductionFault };

/**
 * Verifies an introduction before the client dials any address [ASIDE-PEER-3-3]: shape, purpose, session, names, identity,
 * signature, times. `UsedIntroductions` and the session's sequence detect a repeated one.
 * @param encoded base64 as the server passed it on
 */
export function verifyIntroduction<P extends IntroductionPayload['purpose']>(
  encoded: string,
  expected: ExpectedIntroduction<P>,
  crypto: PeerCrypto,
): VerifiedIntroduction<P> {
  const payload = read(encoded);
  if (payload === undefined) return { ok: false, fault: 'malformed' };
  const fault = faultOf(payload, expected, crypto);
  if (fault !== undefined) return { ok: false, fault };
  // `faultOf` has checked the purpose.
  return { ok: true, payload: payload as Extract<IntroductionPayload, { purpose: P }> };
}

function read(encoded: string): IntroductionPayload | undefined {
  if (encoded.length > Math.ceil(LIMITS.payloadBytes / 3) * 4) return undefined;
  const bytes = fromBase64(encoded);
  if (bytes === undefined) return undefined;
  try {
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
    return introductionPayload.safeParse(json).data;
  } catch {
    return undefined;
  }
}

function faultOf(
  payload: IntroductionPayload,
  expected: ExpectedIntroduction<IntroductionPayload['purpose']>,
  crypto: PeerCrypto,
): IntroductionFault | undefined {
  if (payload.purpose !== expected.purpose) return 'role';
  if (payload.sid !== expected.sid) return 'session';
  const sameNames =
    foldUsername(payload.asker) === foldUsername(expected.initiator) &&
    foldUsername(payload.answerer) === foldUsername(expected.responder);
  if (!sameNames) return 'names';
  if (expected.identityKey !== undefined && payload.identityKey !== expected.identityKey) return 'identity';
  if ('peerKey' in payload && payload.peerKey !== expected.ownKey) return 'identity';
  // An own payload, mirrored by the server.
  if (payload.identityKey === expected.ownKey) return 'identity';
  const signature = fromBase64(payload.signature) ?? new Uint8Array();
  if (!crypto.verify(payload.identityKey, canonicalForm(payload, crypto), signature)) return 'signature';
  const { madeAt, expiresAt } = payload;
  if (madeAt > expected.now + PRIVATE_LIMITS.clockSkewMs) return 'not-yet';
  if (expiresAt < madeAt || expiresAt - madeAt > PRIVATE_LIMITS.introductionLifeMs) return 'expired';
  return expected.now > expiresAt + PRIVATE_LIMITS.clockSkewMs ? 'expired' : undefined;
}

/** Remembers accepted introductions, so that none is accepted twice. Bounded: the oldest is forgotten first. */
export class UsedIntroductions {
  #used = new Set<string>();

  /** @returns false if the introduction was accepted before */
  take({ sid, nonce, identityKey: key }: OfferPayload | AnswerPayload): boolean {
    const marks = [`sid ${sid} ${key}`, `nonce ${nonce}`];
    if (marks.some((mark) => this.#used.has(mark))) return false;
    for (const mark of marks) this.#used.add(mark);
    for (const oldest of this.#used) {
      if (this.#used.size <= PRIVATE_LIMITS.introductionsRemembered * 2) break;
      this.#used.delete(oldest);
    }
    return true;
  }
}

/** Identities and nonces of both sides, known after the answer. */
export interface IntroducedPair {
  readonly sid: string;
  readonly initiatorKey: string;
  readonly responderKey: string;
  /** base64, as in the payloads. */
  readonly initiatorNonce: string;
  readonly responderNonce: string;
}

/**
 * The one-time secret of one round [ASIDE-PEER-5-5]: HKDF over both nonces, salted with the session id. It distinguishes
 * this request from every other. The server can compute it, so only the certificates authenticate the peer.
 * @param round counts the negotiations of a path, so that each has its own secret
 * @returns 32 bytes
 */
export function oneTimeSecret(introduced: IntroducedPair, round: number, crypto: PeerCrypto): Uint8Array {
  const nonces = lengthPrefixed([
    fromBase64(introduced.initiatorNonce) ?? new Uint8Array(),
    fromBase64(introduced.responderNonce) ?? new Uint8Array(),
  ]);
  return crypto.hkdfSha256(nonces, utf8(introduced.sid), lengthPrefixed(['aside private secret v1', round]), 32);
}

/**
 * The proof in the first line of a side [ASIDE-PEER-5-6]: HMAC, keyed with the one-time secret, over its own role, the
 * session, both identities and the exporter of this TLS connection.
 * @param role of the side that sends the proof
 */
export function helloProof(
  introduced: IntroducedPair,
  secret: Uint8Array,
  role: PeerRole,
  exporter: Uint8Array,
  crypto: PeerCrypto,
): Uint8Array {
  const { sid, initiatorKey, responderKey } = introduced;
  const fields = ['aside peer hello v1', WIRE_ROLES[role], sid, initiatorKey, responderKey, exporter];
  return crypto.hmacSha256(secret, lengthPrefixed(fields));
}
