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

/** Bounds of the server's listener and of each connection (I3). Bytes and milliseconds. */
export const CONNECTION_LIMITS = {
  /** All addresses together. */
  connections: 20_000,
  connectionsPerAddress: 1_000,
  /** Connections without a sign-in yet, all addresses together. */
  unauthenticated: 5_000,
  unauthenticatedPerAddress: 100,
  /** Connections that the operating system holds until they are accepted. */
  backlog: 4_096,
  /** Above a limit, but below this many times of it, a connection gets the reason before it is closed. */
  refusedFactor: 1.2,
  /** Wait that a refused connection is told. */
  retryAfterMs: 10_000,
  /** Time that a closing connection has to take what is queued for it. */
  drainMs: 1_000,
  /** Bytes that are read and dropped on a closing connection, so that it ends without a reset. */
  discardBytes: 65_536,
  /** Unsent bytes above which a slow reader is disconnected; its messages go to the mailbox. */
  unsentBytes: 1024 * 1024,
} as const;

/** Bounds of delivery and of its memory (D1-D7, I3). Messages and bytes. */
export const DELIVERY_LIMITS = {
  /** Mailbox messages that a connection may leave unconfirmed before it gets more. */
  windowMessages: 256,
  /** Largest page that one read of the mailbox takes. */
  pageMessages: 64,
  pageBytes: 256 * 1024,
  /** Unconfirmed messages of one recipient in memory; newer ones go to the mailbox at once. */
  liveMessages: 4_096,
  liveBytes: 4 * 1024 * 1024,
  /** Messages held back while the last of the mailbox is on its way. */
  heldMessages: 512,
  /** One mailbox. */
  mailboxMessages: 10_000,
  mailboxBytes: 64 * 1024 * 1024,
  /** Newest messages whose retries are recognised without the disk; up to twice as many are kept. */
  recentMessages: 100_000,
  recentBroadcasts: 10_000,
} as const;

/** Bounds of sign-in (B1-B4). Milliseconds. */
export const SIGN_IN_LIMITS = {
  /** Failed passwords in a row that lock an account. */
  failuresToLock: 3,
  /** Names without an account whose failures are counted; the oldest are dropped first. */
  unknownNames: 10_000,
  /** Passwords hashed at the same time, and waiting for it: some seconds of work on two cores. */
  hashesAtOnce: 2,
  hashesWaiting: 400,
  /** A resumption token expires this long after its last use. */
  tokenIdleMs: 7 * 86_400_000,
  /** A family of tokens expires this long after its sign-in. */
  tokenFamilyMs: 30 * 86_400_000,
  /** The previous token stays good for this long: the answer with the current one may have been lost. */
  previousTokenMs: 60_000,
  /** An invitation for a new account. */
  inviteMs: 7 * 86_400_000,
} as const;

/** Bounds of requests for private sessions and of their introduction by the server (F1, I3). */
export const INTRODUCTION_LIMITS = {
  /** Time to answer a request, milliseconds. */
  requestMs: 60_000,
  /** Unanswered requests that one user has made, or has received. */
  requestsByInitiator: 16,
  requestsForResponder: 32,
  /** Requests and sessions of one user. */
  totalPerAccount: 64,
  /** Events kept for a user who is disconnected; the second bound is for events that the peer repeats if lost. */
  missedEvents: 128,
  missedRepeatedEvents: 16,
} as const;

/** Bounds of the blind tunnels (F4, I3). */
export const TUNNEL_LIMITS = {
  /** A token is good for this long, and once; milliseconds. */
  tokenLifetimeMs: 60_000,
  perAccount: 4,
  total: 512,
} as const;

/** Bounds of the bytes in a blind tunnel (F4, I3). Bytes and milliseconds. */
export const RELAY_LIMITS = {
  /** Each direction. */
  bytesPerSecond: 256 * 1024,
  burstBytes: 1024 * 1024,
  /** Both directions of one tunnel together. */
  totalBytes: 1024 * 1024 * 1024,
  idleMs: 60_000,
  /** From the connection to its token. */
  tokenMs: 5_000,
  /** From the first token to that of the other side. */
  pairMs: 20_000,
  tokenLineBytes: 256,
  /** Bytes read of a side before the other side is there; a correct client sends none before `ready`. */
  earlyBytes: 16 * 1024,
} as const;

/** How long the server keeps things, and how much of a list it puts into an answer. Milliseconds and rows. */
export const SERVER_LIMITS = {
  /** Online history (C3). */
  historyMs: 90 * 86_400_000,
  /** Receipts of stored messages (D3). */
  receiptsMs: 86_400_000,
  receiptsLoaded: 100_000,
  /** After a shorter absence of the server, its users return as if they had never left (C1). */
  restartMs: 60_000,
  /** Wait that clients are told when the server stops. */
  comeBackMs: 3_000,
  /** Results of a search without a limit of its own. */
  searchResults: 20,
  /** Intervals that one answer about the online history looks at; more than fit into a line. */
  historyRows: 5_000,
  /** Intervals of one user in it, the newest ones: one user must fit into a line. */
  historyRowsPerUser: 1_500,
  /** Room beside the list in a line, for the envelope and the other members of a result; bytes. */
  envelopeBytes: 2_048,
} as const;

/** Bounds of the server's store. Rows, and characters of text. */
export const STORE_LIMITS = {
  /**
   * Rows of one transaction. A write waits at most for one transaction before its own; 512 rows are 5-10 ms of work.
   * Measured: 512 rows store half as much again each second as 64, and more batches at once gain nothing.
   */
  batchRows: 512,
  /** Text that may wait for the disk; each write counts as `writeWeight` characters more (invariant 4). */
  waitingWeight: 128 * 1024 * 1024,
  writeWeight: 256,
  /** Rows of each kind that one transaction of a purge removes; other writes wait no longer than that takes. */
  purgeRows: 2_000,
} as const;
