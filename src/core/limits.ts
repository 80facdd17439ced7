/** Bounds and deadlines of the client itself; those of the wire are in `shared/protocol/limits.ts`. Milliseconds. */
export const CLIENT_LIMITS = {
  /** From dialling to the server's greeting. */
  greetingMs: 15_000,
  /** A request that has no answer by then has failed. Longer than the server's own deadlines. */
  requestMs: 30_000,
  /** From a computer's waking up to a sign of life from the server. */
  signOfLifeMs: 5_000,
  /** How long signing out waits for the server before the connection is closed anyway. */
  signOutMs: 2_000,
  /** Requests that wait here because enough others are outstanding. */
  requestsQueued: 1_000,
  /** Bytes given to the network and not yet taken; beyond, the connection is given up. */
  unsentBytes: 8 * 1024 * 1024,
  /** Messages sent and not yet answered. Leaves room among the outstanding requests for everything else. */
  messagesInFlight: 32,
  /** Messages in the outbox. */
  messagesWaiting: 10_000,
  /** Delay before a message is tried again that the server could not store; doubles up to the longest. */
  storageRetryMs: 1_000,
  storageRetryLongestMs: 60_000,
  /** Reconnecting: first upper bound of the random delay, the last, and how long online makes it start anew. */
  backOffMs: 500,
  backOffLongestMs: 60_000,
  steadyMs: 10_000,
  /** From the last part of an import to telling of it, where its end does not come. */
  importPauseMs: 5_000,
  /** Pages of one list that are asked for at most. */
  pages: 1_000,
} as const;
