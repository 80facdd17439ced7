import { LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { z } from 'zod';
import { count, identityKey, timestamp, username, uuid } from '../../../shared/protocol/ids.ts';
import type { IntroductionFault } from '../../../shared/client-api/private-view.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';
import { fromBase64, lengthPrefixed, toBase64, utf8 } from '../bytes.ts';
import { candidate } from './candidates.ts';
import type { DeviceIdentity, PeerCrypto } from '../private-ports.ts';

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
  /** The signer's throw-away certificate: DER in base64. */
  certificate: z
    .string()
    .max(4_096)
    .refine((text) => fromBase64(text) !== undefined),
  nonce: base64Of(32),
  /** The signer wants the tunnel only. */
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
    /** Counts the searches for a path; the first is 1. */
    round: count.min(1),
    /** `candidates`: where I can be reached now. `tunnel`: take it. `lost`: the path of this round is gone. */
    about: z.enum(['candidates', 'tunnel', 'lost']),
    candidates,
  }),
]);
export type Introduction = z.infer<typeof introductionPayload>;
export type Offer = Extract<Introduction, { purpose: 'offer' }>;
export type Answer = Extract<Introduction, { purpose: 'answer' }>;
export type Signal = Extract<Introduction, { purpose: 'signal' }>;
/** A payload before it is signed. */
export type Unsigned<T extends Introduction> = Omit<T, 'version' | 'identityKey' | 'signature'>;

/** Why an introduction was not accepted. Each ends the session with a warning that people see. */
export const INTRODUCTION_FAULTS = {
  malformed:
    'The introduction cannot be read. Either the server changed it, or the other program is of another version.',
  signature: 'The introduction is forged: its signature does not fit. Somebody, perhaps the server, is interfering.',
  session: 'The introduction belongs to another session. Somebody, perhaps the server, is interfering.',
  names: 'The introduction names other people than the server says. Somebody, perhaps the server, is interfering.',
  role: 'The introduction is used for another purpose than it was made for. Somebody is interfering.',
  identity: 'The introduction comes from another device than this session began with. Somebody is interfering.',
  expired: 'The introduction came too late. If the clocks of both computers are right, somebody held it back.',
  'not-yet': 'The introduction is dated in the future. Check the clocks of both computers.',
  replayed: 'The introduction was used before. Somebody, perhaps the server, is repeating it.',
} as const satisfies Record<IntroductionFault, string>;

const DOMAIN = 'aside private introduction v1';

/**
 * The bytes that are signed [ASIDE-PEER-3-2]: each field preceded by its length, in this order; what a purpose does
 * not have is an empty field, so that no payload of one purpose reads as one of another.
 */
function canonicalForm(payload: Omit<Introduction, 'signature'>, crypto: PeerCrypto): Uint8Array {
  // One list of members for all three purposes; `in` asks which of them this payload has.
  const all = payload as Partial<Omit<Offer, 'purpose'> & Omit<Answer, 'purpose'> & Omit<Signal, 'purpose'>>;
  const { certificate, candidates: told = [] } = all;
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
    told.length,
    ...told.flatMap(({ kind, address, port }) => [kind, address, port]),
  ]);
}

/** Signs a payload and spells it as the server passes it on: JSON in base64, at most 8 KiB decoded. */
export function signIntroduction<T extends Introduction>(
  unsigned: Unsigned<T>,
  identity: DeviceIdentity,
  crypto: PeerCrypto,
): string {
  // Omit over a type parameter loses what is known of T; the parts are whole all the same.
  const payload = { version: 1, ...unsigned, identityKey: identity.identityKey } as unknown as Omit<T, 'signature'>;
  const signature = toBase64(identity.sign(canonicalForm(payload as Omit<Introduction, 'signature'>, crypto)));
  return toBase64(utf8(JSON.stringify({ ...payload, signature })));
}

/** What an introduction has to fit. */
export interface Expected<P extends Introduction['purpose']> {
  readonly purpose: P;
  readonly sid: string;
  readonly initiator: string;
  readonly responder: string;
  /** The signer's identity, where this session knows it already. */
  readonly identityKey: string | undefined;
  /** One's own identity, where the signer must have known it. */
  readonly ownKey: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

export type Verified<P extends Introduction['purpose']> =
  | { readonly ok: true; readonly payload: Extract<Introduction, { purpose: P }> }
  | { readonly ok: false; readonly fault: IntroductionFault };

/**
 * Reads and judges an introduction before anything is dialled [ASIDE-PEER-3-3]: shape, purpose, session, names, identity,
 * signature, times; whether it was used before is for `UsedIntroductions` and the session's sequence to say.
 * @param encoded base64 as the server passed it on
 */
export function verifyIntroduction<P extends Introduction['purpose']>(
  encoded: string,
  expected: Expected<P>,
  crypto: PeerCrypto,
): Verified<P> {
  const payload = read(encoded);
  if (payload === undefined) return { ok: false, fault: 'malformed' };
  const fault = faultOf(payload, expected, crypto);
  if (fault !== undefined) return { ok: false, fault };
  // `role` has been checked, which is the purpose.
  return { ok: true, payload: payload as Extract<Introduction, { purpose: P }> };
}

function read(encoded: string): Introduction | undefined {
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
  payload: Introduction,
  expected: Expected<Introduction['purpose']>,
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
  // One's own payload, sent back: a mirror is no peer.
  if (payload.identityKey === expected.ownKey) return 'identity';
  const signature = fromBase64(payload.signature) ?? new Uint8Array();
  if (!crypto.verify(payload.identityKey, canonicalForm(payload, crypto), signature)) return 'signature';
  const { madeAt, expiresAt } = payload;
  if (madeAt > expected.now + PRIVATE_LIMITS.clockSkewMs) return 'not-yet';
  if (expiresAt < madeAt || expiresAt - madeAt > PRIVATE_LIMITS.introductionLifeMs) return 'expired';
  return expected.now > expiresAt + PRIVATE_LIMITS.clockSkewMs ? 'expired' : undefined;
}

/** Remembers which introductions were taken, so that none is taken twice. Bounded: the oldest are forgotten first. */
export class UsedIntroductions {
  #used = new Set<string>();

  /** @returns false where it was taken before */
  take({ sid, nonce, identityKey: key }: Offer | Answer): boolean {
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

/** What the two ends of a session have in common once the answer is there. */
export interface Introduced {
  readonly sid: string;
  readonly initiatorKey: string;
  readonly responderKey: string;
  /** base64, as introduced. */
  readonly initiatorNonce: string;
  readonly responderNonce: string;
}

/**
 * The one-time secret of one round [ASIDE-PEER-5-5]: HKDF over both nonces, salted with the session id. It tells this
 * request from every other; whoever carries the introductions can compute it, so what proves *who* is there is the
 * certificates.
 * @param round counts the searches for a path, so that no secret serves two connections
 * @returns 32 bytes
 */
export function oneTimeSecret(introduced: Introduced, round: number, crypto: PeerCrypto): Uint8Array {
  const nonces = lengthPrefixed([
    fromBase64(introduced.initiatorNonce) ?? new Uint8Array(),
    fromBase64(introduced.responderNonce) ?? new Uint8Array(),
  ]);
  return crypto.hkdfSha256(nonces, utf8(introduced.sid), lengthPrefixed(['aside private secret v1', round]), 32);
}

/**
 * What a side shows in its first line [ASIDE-PEER-5-6]: HMAC, keyed with the one-time secret, over its own role, the
 * session, both identities and what only the ends of this TLS connection know.
 * @param role of the side that sends it
 */
export function helloProof(
  introduced: Introduced,
  secret: Uint8Array,
  role: PeerRole,
  exporter: Uint8Array,
  crypto: PeerCrypto,
): Uint8Array {
  const { sid, initiatorKey, responderKey } = introduced;
  const fields = ['aside peer hello v1', WIRE_ROLES[role], sid, initiatorKey, responderKey, exporter];
  return crypto.hmacSha256(secret, lengthPrefixed(fields));
}
