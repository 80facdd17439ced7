/**
 * The catalogue of refusals: what programs look at (`data.reason`), the JSON-RPC code, and the sentence for people.
 * `docs/errors.md` is kept equal to it by a test. A sentence never repeats what the other side sent.
 */
export const REASONS = {
  parse: { code: -32700, text: 'That line is not valid JSON in UTF-8. Send one JSON object per line.' },
  invalid: { code: -32600, text: 'That line is not a request of this protocol. Send jsonrpc, id, method and params.' },
  'unknown-method': { code: -32601, text: 'This server does not know that method.' },
  'invalid-params': { code: -32602, text: 'The parameters do not fit the method. Check names, types and sizes.' },
  'too-many-requests': { code: -32000, text: 'Too many requests are waiting for an answer. Wait for some of them.' },
  'not-signed-in': { code: -32000, text: 'Sign in first.' },
  'already-signed-in': { code: -32000, text: 'This connection is already signed in. Sign out to use another account.' },
  'wrong-credentials': { code: -32000, text: 'Username or password is wrong.' },
  locked: { code: -32000, text: 'Too many failed passwords. The account is locked for a while; try again later.' },
  'already-online': { code: -32000, text: 'This account is signed in elsewhere. Take over to end the other session.' },
  'token-invalid': { code: -32000, text: 'This sign-in is no longer valid. Sign in with the password.' },
  'username-taken': {
    code: -32000,
    text: 'That username is taken, or looks too much like one that is. Choose another.',
  },
  'username-invalid': {
    code: -32000,
    text: 'A username has 1 to 32 letters, digits or signs, without white space or control characters.',
  },
  'password-weak': { code: -32000, text: 'A password has 8 to 1024 characters.' },
  'registration-closed': { code: -32000, text: 'This server does not take new accounts. Ask who runs it.' },
  'invite-invalid': {
    code: -32000,
    text: 'An invitation is needed, and this one is not valid. Ask who runs the server.',
  },
  'slow-down': { code: -32000, text: 'Too fast. Wait a moment and try again.' },
  'no-such-user': { code: -32000, text: 'There is nobody with that name on this server.' },
  self: { code: -32000, text: 'That is yourself.' },
  blocked: {
    code: -32000,
    text: 'Your message could not be delivered: this person does not receive messages from you.',
  },
  'too-long': { code: -32000, text: 'The text is too long: at most 8192 bytes in UTF-8.' },
  'mailbox-full': { code: -32000, text: 'The mailbox of this person is full. Try again when they have been here.' },
  'id-conflict': { code: -32000, text: 'Another message was sent with the same id. Make a new id.' },
  storage: { code: -32000, text: 'The server could not store this. Nothing was changed; try again later.' },
  'already-blocked': { code: -32000, text: 'You have already blocked this person.' },
  'not-blocked': { code: -32000, text: 'You have not blocked this person.' },
  offline: { code: -32000, text: 'This person is not here just now. Talking aside needs both to be online.' },
  'already-open': { code: -32000, text: 'You are talking aside with this person already.' },
  'already-asking': { code: -32000, text: 'One of you is asking the other already. Wait for the answer.' },
  'no-such-request': { code: -32000, text: 'There is no such request to talk aside any more.' },
  'no-such-session': { code: -32000, text: 'There is no such private session any more.' },
  'relay-busy': { code: -32000, text: 'The server cannot carry another tunnel just now. Try again later.' },
  'too-many-connections': { code: -32000, text: 'Too many connections. Try again later.' },
  'sign-in-timeout': { code: -32000, text: 'Nobody signed in in time. Connect again.' },
  'line-too-long': { code: -32700, text: 'That line is too long for this protocol.' },
  'server-stopping': { code: -32000, text: 'The server is stopping. Come back a little later.' },
} as const satisfies Record<string, { code: number; text: string }>;

/** Why something was refused; stable, for programs. */
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

/** Why somebody is no longer online (`presence.changed`). */
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
