/** Bounds and deadlines of talking aside, on the client's side. Times are milliseconds unless the name says otherwise. */
export const PRIVATE_LIMITS = {
  /** Longest life of an offer, an answer or a signal, as its maker dates it. */
  introductionLifeMs: 120_000,
  /** How far the clocks of two machines may be apart. */
  clockSkewMs: 300_000,
  /** How long somebody has to answer (F1). */
  answerMs: 60_000,
  /** The server ends a request in time; where it does not, the client itself does so, this much later. */
  answerGraceMs: 5_000,
  /** Where a request is refused because the other asks as well, how long theirs may take to come. */
  crossingMs: 2_000,
  /** Introductions that are remembered so that none is taken twice. */
  introductionsRemembered: 1_024,
  /** Sessions and requests at the same time. */
  sessions: 256,
  /** Life of a throw-away certificate, either way. Outlasts every session that a clock skew could touch. */
  certificateLifeMs: 30 * 86_400_000,

  candidates: 8,
  /** Pause between the starts of two dials. */
  raceStepMs: 250,
  /** Dials of one candidate. */
  dialsEach: 3,
  /** After so long without a direct path, the tunnel is taken. */
  raceMs: 4_000,
  /** The responder waits so much longer for the initiator's word before it gives up a race. */
  raceGraceMs: 3_000,
  tunnelMs: 6_000,
  /** A connection that was made has to have proven itself by then: TLS and the first line. */
  handshakeMs: 3_000,
  /** Strangers that may be in a handshake at one listener at the same time. */
  handshakesAtOnce: 8,
  /** Pause before another search for a path, where the last one failed or its path did not live long. */
  searchPauseMs: 500,
  shortLifeMs: 2_000,
  /** From the loss of a path until a session without another one is over. */
  reconnectMs: 15_000,

  /** A peer that is silent for so long is lost (F6: noticed within 10 s). */
  silenceMs: 6_000,
  pingMs: 2_000,
  /** Messages sent and not yet confirmed. */
  window: 64,
  /** Messages that wait for the window, or for a path. */
  messagesWaiting: 1_000,
  /** Ids that are remembered; more than a window can ever repeat. */
  idsRemembered: 1_024,
  /** Bytes given to the network and not yet taken; beyond, messages wait. */
  unsentBytes: 256 * 1024,
  /** What a peer may send: lines a second and how many at once; what it may owe, and for how long. */
  linesPerSecond: 200,
  lineBurst: 1_000,
  lineDebt: 4_000,
  tooFastMs: 10_000,
  /** What this client sends, well within what a peer takes. */
  ownLinesPerSecond: 120,
  ownLineBurst: 600,
  /** A line counts as one for each so many bytes begun. */
  bytesPerLine: 1_024,
  /** How often a paused peer's debt is looked at. */
  resumeMs: 100,
  /** Longest first line of a peer, which is a stranger until it is checked. */
  helloBytes: 512,
} as const;
