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

/** Bounds and deadlines of the client. Bytes are bytes on the network, times are milliseconds. */
export const CLIENT_LIMITS = {
  /** From dialling to the server's greeting. */
  greetingMs: 15_000,
  /** A request without an answer after this time has failed. Longer than the server's own deadlines. */
  requestMs: 30_000,
  /** From the wake-up of the computer to a sign of life from the server. */
  signOfLifeMs: 5_000,
  /** Signing out waits this long for the server, then closes the connection anyway. */
  signOutMs: 2_000,
  /** Requests queued behind the outstanding ones. */
  requestsQueued: 1_000,
  /** Bytes given to the network and not yet taken; above it the client drops the connection. */
  unsentBytes: 8 * 1024 * 1024,
  /** Messages sent and not yet answered. Leaves room among the outstanding requests for all others. */
  messagesInFlight: 32,
  /** Messages in the outbox. */
  messagesWaiting: 10_000,
  /** Delay before a message is sent again that the server could not store; doubles up to the maximum. */
  storageRetryMs: 1_000,
  storageRetryMaxMs: 60_000,
  /** Reconnecting: upper bound of the first random delay, and of the last. */
  backOffMs: 500,
  backOffMaxMs: 60_000,
  /** Online for this long, the client starts again with the first delay after the next loss. */
  stableMs: 10_000,
  /** From the last part of an import to `history.replaced`, if the end of the import does not arrive. */
  importPauseMs: 5_000,
  /** A user counts as typing this long after a notification; clients repeat it every few seconds. */
  typingMs: 8_000,
  /** Pages read of one list. */
  pages: 1_000,
} as const;

/** Bounds and deadlines of private sessions between two clients. Times are milliseconds. */
export const PRIVATE_LIMITS = {
  /** Longest life of an offer, an answer or a signal, by the times that its signer gives. */
  introductionLifeMs: 120_000,
  /** Allowed difference between the clocks of two computers. */
  clockSkewMs: 300_000,
  /** Time to answer a request (F1). */
  answerMs: 60_000,
  /** The client ends a request this much later by itself, if the server does not. */
  answerGraceMs: 5_000,
  /** If the server refuses a request because the peer's crossed it, the peer's has to arrive within this time. */
  crossingMs: 2_000,
  /** Introductions remembered, so that none is accepted twice. */
  introductionsRemembered: 1_024,
  /** Sessions and requests at the same time. */
  sessions: 256,
  /** Life of a session certificate before and after now. Longer than every session with any clock skew. */
  certificateLifeMs: 30 * 86_400_000,

  /** Address candidates of one peer. */
  candidates: 8,
  /** Pause between the starts of two dials. */
  raceStepMs: 250,
  /** Dials of one candidate. */
  dialsEach: 3,
  /** Without a direct path after this time, the tunnel is used. */
  raceMs: 4_000,
  /** The responder waits this much longer for the initiator's signal before it gives up a race. */
  raceGraceMs: 3_000,
  tunnelMs: 6_000,
  /** From a connection to the proof of the peer: TLS and the first line. */
  handshakeMs: 3_000,
  /** Handshakes at one listener at the same time. */
  handshakesAtOnce: 8,
  /** Pause before another negotiation, if the last one failed or its path was lost within `shortLifeMs`. */
  searchPauseMs: 500,
  shortLifeMs: 2_000,
  /** From the loss of a path to the end of the session, if no other path opens. */
  reconnectMs: 15_000,

  /** Without a line from the peer for this long, the connection is lost (F6: noticed within 10 s). */
  silenceMs: 6_000,
  pingMs: 2_000,
  /** Messages sent and not yet confirmed. */
  windowMessages: 64,
  /** Messages that wait for the window or for a path. */
  messagesWaiting: 1_000,
  /** Message ids remembered; more than a window can repeat. */
  idsRemembered: 1_024,
  /** Bytes given to the network and not yet taken; above it, messages wait. */
  unsentBytes: 256 * 1024,
  /** Lines accepted from a peer: each second, at once, as a debt, and for how long in debt. */
  linesPerSecond: 200,
  lineBurst: 1_000,
  lineDebt: 4_000,
  tooFastMs: 10_000,
  /** Lines that this client sends, well below what a peer accepts. */
  ownLinesPerSecond: 120,
  ownLineBurst: 600,
  /** A line counts once for each started unit of this size. */
  bytesPerLine: 1_024,
  /** Interval of the checks whether a paused peer may send again. */
  resumeMs: 100,
  /** Longest first line of a peer, which is not authenticated yet. */
  helloBytes: 512,
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
