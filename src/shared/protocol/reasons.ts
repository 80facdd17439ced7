/**
 * The reasons of refusals with their JSON-RPC codes. Programs read `data.reason`; `src/shared/text` has the sentences.
 * A test compares docs/errors.md with both.
 */
export const REASONS = {
  parse: -32700,
  invalid: -32600,
  'unknown-method': -32601,
  'invalid-params': -32602,
  'too-many-requests': -32000,
  'not-signed-in': -32000,
  'already-signed-in': -32000,
  'wrong-credentials': -32000,
  locked: -32000,
  'already-online': -32000,
  'token-invalid': -32000,
  'username-taken': -32000,
  'username-invalid': -32000,
  'password-weak': -32000,
  'registration-closed': -32000,
  'invite-invalid': -32000,
  'slow-down': -32000,
  'no-such-user': -32000,
  self: -32000,
  blocked: -32000,
  'too-long': -32000,
  'mailbox-full': -32000,
  'id-conflict': -32000,
  storage: -32000,
  'already-blocked': -32000,
  'not-blocked': -32000,
  offline: -32000,
  'already-open': -32000,
  'already-asking': -32000,
  'no-such-request': -32000,
  'no-such-session': -32000,
  'relay-busy': -32000,
  'too-many-connections': -32000,
  'sign-in-timeout': -32000,
  'line-too-long': -32700,
  'server-stopping': -32000,
} as const satisfies Record<string, number>;

/** Reason of a refusal; stable, for programs. */
export type Reason = keyof typeof REASONS;

/** Why a session or connection was ended by the server (`session.ended`). */
export const SESSION_END_REASONS = [
  'timed-out',
  'replaced',
  'locked',
  'server-stopping',
  'account-deleted',
  'too-slow',
  'protocol',
] as const;
export type SessionEndReason = (typeof SESSION_END_REASONS)[number];

/** Why a private session or a request for one came to its end (`private.ended`). */
export const PRIVATE_END_REASONS = ['declined', 'cancelled', 'expired', 'ended', 'peer-left', 'blocked'] as const;
export type PrivateEndReason = (typeof PRIVATE_END_REASONS)[number];

/** Why a user is no longer online (`presence.changed`). */
export const DEPARTURE_REASONS = ['signed-out', 'timed-out', 'connection-lost', 'replaced'] as const;
export type DepartureReason = (typeof DEPARTURE_REASONS)[number];

/** An expected failure, as a value. */
export interface Refusal {
  readonly reason: Reason;
  /** When trying again makes sense, milliseconds from now. */
  readonly retryAfterMs?: number;
  /** Passwords that may still fail before the account is locked (B2). */
  readonly attemptsLeft?: number;
}
