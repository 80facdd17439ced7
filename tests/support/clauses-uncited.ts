/** Clauses of docs/protocol.md that no test cites, each with the reason. */
export const UNCITED: Readonly<Record<string, string>> = {
  'ASIDE-2.4-1': 'takes 20,000 connections; the listener is tested with smaller limits',
  'ASIDE-5.1-7': 'loopback addresses are not counted, and tests use no others; the server in memory is tested for it',
  'ASIDE-7.2-3': 'binds the client; its inbox is tested with a clock of its own',
  'ASIDE-7.2-4': 'binds the client; its inbox is tested for it',
};
