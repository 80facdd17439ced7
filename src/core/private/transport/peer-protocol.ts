import { LIMITS } from '../../../shared/limits.ts';
import { z } from 'zod';
import { decodeServerLine, encodeNotification } from '../../../shared/protocol/codec.ts';
import { count, timestamp, unicode, uuid } from '../../../shared/protocol/ids.ts';
import { fitsBytes } from '../../../shared/protocol/text.ts';
import { fromBase64 } from '../bytes.ts';

/** Reasons in `peer.bye`. */
export const BYE_REASONS = ['ended', 'left', 'timed-out', 'too-fast', 'protocol'] as const;
export type ByeReason = (typeof BYE_REASONS)[number];

/** Parameters of the lines between two clients. Strict: a member that the method does not have is refused. */
export const PEER_PARAMS = {
  'peer.hello': z.strictObject({
    sid: uuid,
    proof: z
      .string()
      .length(44)
      .refine((text) => fromBase64(text)?.length === 32),
  }),
  /** The initiator chooses this connection; all others are closed. */
  'peer.choose': z.strictObject({}),
  'peer.message': z.strictObject({
    id: uuid,
    text: unicode.min(1).refine((text) => fitsBytes(text, LIMITS.textBytes)),
    at: timestamp,
  }),
  /** Confirms the first `through` messages of this connection. */
  'peer.confirm': z.strictObject({ through: count }),
  'peer.typing': z.strictObject({ typing: z.boolean() }),
  'peer.ping': z.strictObject({}),
  'peer.keep': z.strictObject({ keep: z.boolean() }),
  'peer.bye': z.strictObject({ reason: z.enum(BYE_REASONS) }),
} as const satisfies Record<string, z.ZodType>;

export type PeerMethod = keyof typeof PEER_PARAMS;
export type PeerParams<M extends PeerMethod> = z.infer<(typeof PEER_PARAMS)[M]>;
export type PeerLine = { [M in PeerMethod]: { readonly method: M; readonly params: PeerParams<M> } }[PeerMethod];

/** One line between two clients, LF included. */
export function encodePeerLine<M extends PeerMethod>(method: M, params: PeerParams<M>): string {
  return encodeNotification(method, params);
}

/**
 * Reads one line of a peer. Never throws.
 * @param line bytes without LF
 * @returns `unknown` for a well-formed notification of a newer version, which is ignored; undefined for an invalid line
 */
export function decodePeerLine(line: Uint8Array): PeerLine | 'unknown' | undefined {
  const read = decodeServerLine(line);
  if (read.kind !== 'notification') return undefined;
  if (!Object.hasOwn(PEER_PARAMS, read.method)) return 'unknown';
  const method = read.method as PeerMethod;
  const params = PEER_PARAMS[method].safeParse(read.params);
  // `method` and its checked params match; TypeScript cannot express the pair without a cast.
  return params.success ? ({ method, params: params.data } as PeerLine) : undefined;
}
