/**
 * Every bound and deadline of the wire contract, in one place. Bytes are UTF-8 bytes, times are milliseconds.
 * The server announces those that a client can act on in `hello.limits`.
 */
export const LIMITS = {
  /** Longest line a side accepts before sign-in, without its LF. */
  lineBytesBeforeSignIn: 4_096,
  /** Longest line a side accepts after sign-in, without its LF. Servers keep their own lines within it too. */
  lineBytes: 65_536,
  /** Longest text of a message or broadcast (D5). */
  textBytes: 8_192,
  /** Requests of one connection that may wait for their answer at the same time. */
  requestsOutstanding: 64,
  /** Refused lines after which a connection is closed. */
  strikes: 8,
  /** Characters (code points) of a username (B1). */
  usernameCharacters: 32,
  /** Characters of a password (B1). */
  passwordCharactersMin: 8,
  passwordCharactersMax: 1_024,
  /** Characters of a device name. */
  deviceNameCharacters: 64,
  /** Longest request id, in characters. */
  requestIdCharacters: 36,
  /** Longest `offer`, `answer` or `payload` of a private session, decoded. */
  payloadBytes: 8_192,
  /** Characters of the note that may go with a request to talk aside. */
  noteCharacters: 280,
  /** People that one `people.search` may return. */
  searchResults: 100,
  tlsHandshakeMs: 5_000,
  signInMs: 15_000,
  /** A side that has sent nothing for so long sends `session.ping`. */
  pingAfterMs: 30_000,
  /** A side that has heard nothing for so long drops the connection. */
  silenceMs: 75_000,
  /** A connection that comes back within this time never left (C1). */
  resumeGraceMs: 10_000,
  /** A live message that is not confirmed within this time goes to the mailbox. */
  confirmMs: 2_000,
  /** The client confirms at the latest after this time or number of messages. */
  confirmDelayMs: 50,
  confirmBatch: 64,
} as const;

/** How often a client may ask the server for something (I3). */
export const RATE_LIMITS = {
  /** Shortest time that an exceeded limit refuses everything, milliseconds. */
  pauseMs: 1_000,
  /** A burst of messages is as many as this many seconds allow. */
  messageBurstSeconds: 5,
  /** Requests of one connection, messages aside. */
  requestsPerSecond: 200,
  requestBurst: 1_000,
  /** Requests of one user for a private session. */
  privateRequestsPerSecond: 0.5,
  privateRequestBurst: 20,
  /** New accounts from one address. */
  registrationsPerHour: 60,
} as const;
