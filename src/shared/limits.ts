/**
 * Bounds and deadlines of the protocol. Bytes are UTF-8 bytes, times are milliseconds. The greeting announces those that a
 * client can act on, in `hello.limits`.
 */
export const LIMITS = {
  /** Longest accepted line before sign-in, without its LF. */
  lineBytesBeforeSignIn: 4_096,
  /** Longest accepted line after sign-in, without its LF. The server's own lines are within it too. */
  lineBytes: 65_536,
  /** Longest text of a message or broadcast (D5). */
  textBytes: 8_192,
  /** Outstanding requests of one connection. */
  requestsOutstanding: 64,
  /** Refused lines until the server closes a connection. */
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
  /** Characters of the note of a request for a private session. */
  noteCharacters: 280,
  /** Users in one result of `people.search`. */
  searchResults: 100,
  tlsHandshakeMs: 5_000,
  signInMs: 15_000,
  /** A client that has not sent for this long sends `session.ping`. */
  pingAfterMs: 30_000,
  /** A side that has not received for this long drops the connection. */
  silenceMs: 75_000,
  /** A user that reconnects within this time stays online without a change (C1). */
  resumeGraceMs: 10_000,
  /** A message that the recipient does not confirm within this time goes to the mailbox. */
  confirmMs: 2_000,
  /** A client confirms at the latest after this time or number of messages. */
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
  /** As `backOffMaxMs`, while a user is present: for this long after the last sign of the user (G7). */
  backOffPresentMs: 10_000,
  presentMs: 15 * 60_000,
  /** Shortest time between two attempts that signs of the user start. */
  attemptMs: 2_000,
  /** If two connections in a row were online for less than this long, the next delay is at least as long. */
  shortLifeMs: 1_000,
  /** Longest wait that a client reads from the server: the longest timer of Node.js and browsers. */
  waitMaxMs: 2 ** 31 - 1,
  /** Longest wait that a server can ask for. */
  retryAfterMaxMs: 5 * 60_000,
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

/** Rates of requests, messages and other actions that the server accepts (I3). */
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
  /** `retryAfterMs` for a refused connection. */
  retryAfterMs: 10_000,
  /** Time for a closing connection to take its queued bytes. */
  drainMs: 1_000,
  /** Bytes that are read and dropped on a closing connection, so that it ends without a reset. */
  discardBytes: 65_536,
  /** Unsent bytes from which a connection is congested: messages go to the mailbox, and broadcasts are left out. */
  congestedBytes: 256 * 1024,
  /** A congested connection ends if the network takes nothing for this time. */
  stallMs: 5_000,
  /** Unsent bytes above which a connection ends at once. */
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
  /** A connection whose sign-in the server has not answered yet is closed this long after connecting. */
  pendingMs: 60_000,
  /** A resumption token expires this long after its last use. */
  tokenIdleMs: 7 * 86_400_000,
  /** A family of tokens expires this long after its sign-in. */
  tokenFamilyMs: 30 * 86_400_000,
  /** The previous token stays valid for this long: the answer with the current one may have been lost. */
  previousTokenMs: 60_000,
  /** An invitation for a new account. */
  inviteMs: 7 * 86_400_000,
} as const;

/** Bounds of requests for private sessions and of their introduction by the server (F1, I3). */
export const INTRODUCTION_LIMITS = {
  /** Time to answer a request, milliseconds. */
  requestMs: PRIVATE_LIMITS.answerMs,
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
  /** A token is valid once, for this long; milliseconds. */
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

/** Retention times of the server, in milliseconds, and sizes of the lists that it reads or sends, in rows. */
export const SERVER_LIMITS = {
  /** Online history (C3). */
  historyMs: 90 * 86_400_000,
  /** Receipts of stored messages (D3). */
  receiptsMs: 86_400_000,
  receiptsLoaded: DELIVERY_LIMITS.recentMessages,
  /** Settlements of stored messages for a sender who is away (D2). */
  settlementsMs: 90 * 86_400_000,
  /** After a shorter absence of the server, its users return as if they had never left (C1). */
  restartMs: 60_000,
  /** `retryAfterMs` when the server stops. */
  comeBackMs: 3_000,
  /** Results of a search without a limit of its own. */
  searchResults: 20,
  /** Intervals that one answer about the online history reads; more than fit into a line. */
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
  /** Rows of each kind that one transaction of a purge removes; other writes wait for one such transaction at most. */
  purgeRows: 2_000,
} as const;

/** Bounds and delays of the app's host. Times are milliseconds. */
export const HOST_LIMITS = {
  /** Longest username that gets a profile; the server checks the rest (B1). */
  usernameLength: 128,
  /** Remembered accounts. */
  accounts: 50,
  /** Drafts of one account; the oldest is dropped first. */
  drafts: 500,
  /** Private drafts in memory, enough for every session; the oldest is dropped first. */
  privateDrafts: 64,
  /** Debounce before the first save of drafts. */
  saveDelayMs: 400,
  /** Delay after a failed save; doubles up to the maximum. */
  saveRetryMs: 1_000,
  saveRetryMaxMs: 30_000,
  /** Failed saves in a row until they are reported; a single failure may be over before the user reads about it. */
  saveFailuresReported: 2,
  /** Longest wait for a server's certificate. */
  probeMs: 10_000,
  /** Commands of one user interface that run at the same time. */
  commandsRunning: 256,
  /** Longest wait for windows to hand over their drafts before locking. */
  lockingMs: 2_000,
  /** Progress of encrypting is reported only after this time. */
  progressAfterMs: 300,
  /** Bounds of a built user interface, so that a wrong folder is refused instead of read into memory. */
  uiFiles: 2_000,
  uiBytes: 64 * 1024 * 1024,
  /** Native notifications shown at the same time; the oldest is withdrawn first. */
  notifications: 50,
  /** A page that crashes more often in this time is not reloaded automatically. */
  crashes: 3,
  crashesMs: 60_000,
} as const;

/** Bounds of the browser host. Bytes and milliseconds. */
export const BROWSER_HOST_LIMITS = {
  connections: 256,
  /** Pages open at the same time. */
  interfaces: 16,
  headerBytes: 16 * 1024,
  /** Time to receive a whole request. */
  requestMs: 10_000,
  /** Unsent bytes of a page; above it, the page is disconnected, reconnects and reads a new snapshot. */
  unsentBytes: 16 * 1024 * 1024,
  /** A page that does not answer a ping for this long is disconnected. */
  pingMs: 30_000,
  /** Life of the page that leads a browser to a link. */
  openMs: 60_000,
  /** Life of a link. */
  linkMs: 5 * 60_000,
  /** Browsers signed in at the same time; after that the oldest needs a new link. */
  passes: 16,
} as const;

/** Bounds of the local history and of other files of a client. Rows and milliseconds. */
export const STORAGE_LIMITS = {
  /** Rows of one read by a search. */
  searchRows: 250,
  /** Messages that one search checks, with and without the index. */
  candidates: 5_000,
  candidatesWithoutIndex: 10_000,
  /** Words and trigrams of a query that are used: enough to leave few candidates, whose text is checked anyway. */
  queryWords: 16,
  queryTrigrams: 24,
  /** Messages of one step of a rewrite, and steps of one transaction. */
  rewriteMessages: 100,
  rewriteSteps: 20,
  /** Longest search for a gap among messages of other conversations, in positions; bounds the cost of an imported line. */
  gapSearch: 20_000,
  /** Longest time of a long operation without a pause for other work. */
  sliceMs: 12,
  /** Longest wait for another program that creates or writes the same file. */
  fileLockMs: 2_000,
  /** Longest time for a closing connection to send its remaining bytes. */
  drainMs: 2_000,
} as const;
