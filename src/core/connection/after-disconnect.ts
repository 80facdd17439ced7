import { type ConnectionState, type Problem, PROBLEMS } from '../../shared/client-api/connection-state.ts';
import { clientFailure, type Failure } from '../../shared/client-api/failure.ts';
import type { ServerParams } from '../../shared/protocol/messages.ts';
import type { RpcConnectionEnd } from './rpc-connection.ts';

/** What follows when a connection has ended. */
export type NextStep =
  | { readonly kind: 'retry'; readonly problem: Problem; readonly atLeastMs: number }
  | { readonly kind: 'stop'; readonly state: ConnectionState };

/**
 * Whether to come back after a connection has ended. Never after the server has said that somebody has to decide
 * (timed out, replaced, locked, account deleted, certificate changed); always otherwise, in time.
 * @param farewell `session.ended`, where the server sent one
 */
export function afterEnd(end: RpcConnectionEnd, farewell: ServerParams<'session.ended'> | undefined): NextStep {
  if (farewell !== undefined) return afterFarewell(farewell);
  switch (end.kind) {
    case 'problem':
      return { kind: 'retry', problem: end.problem, atLeastMs: 0 };
    case 'rejected':
      return {
        kind: 'retry',
        problem: { kind: 'rejected', detail: end.failure.text },
        atLeastMs: end.failure.retryAfterMs ?? 0,
      };
    case 'certificate-unknown':
      return { kind: 'retry', problem: { kind: 'not-aside' }, atLeastMs: 0 };
    case 'certificate-changed':
      return {
        kind: 'stop',
        state: {
          state: 'untrusted',
          expected: end.expected.fingerprint,
          presented: end.presented.fingerprint,
          ...(end.unreadable === true ? { unreadable: true } : {}),
        },
      };
  }
}

function afterFarewell({ reason, retryAfterMs }: ServerParams<'session.ended'>): NextStep {
  switch (reason) {
    case 'timed-out':
    case 'replaced':
    case 'locked':
    case 'account-deleted':
      return {
        kind: 'stop',
        state: { state: 'signed-out', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
      };
    case 'server-stopping':
    case 'too-slow':
    case 'protocol':
      return { kind: 'retry', problem: { kind: reason }, atLeastMs: retryAfterMs ?? 0 };
  }
}

/** The same as a failure, for somebody who waits for the outcome of signing in. */
export function endAsFailure(end: RpcConnectionEnd, farewell: ServerParams<'session.ended'> | undefined): Failure {
  if (end.kind === 'rejected') return end.failure;
  const next = afterEnd(end, farewell);
  if (next.kind === 'retry') {
    return { ...clientFailure('cannot-connect', problemText(next.problem)), problem: next.problem };
  }
  if (end.kind === 'certificate-changed') {
    if (end.unreadable === true) {
      return clientFailure('certificate-unreadable', unreadableText(end.presented.fingerprint));
    }
    return clientFailure('certificate-changed', certificateText(end.expected.fingerprint, end.presented.fingerprint));
  }
  return clientFailure('connection-lost');
}

/** One sentence or two for people. */
function problemText({ kind, detail }: Problem): string {
  return detail === undefined ? PROBLEMS[kind] : `${PROBLEMS[kind]} (${detail})`;
}

function certificateText(expected: string, presented: string): string {
  return (
    'The server shows another certificate than the one this computer knows. Somebody may be standing in between, or ' +
    `the server was set up anew; ask who runs it.\n  known:     ${expected}\n  presented: ${presented}`
  );
}

function unreadableText(presented: string): string {
  return (
    'What this computer remembers of the server’s certificate is damaged, so nothing was sent. Ask who runs the server ' +
    `whether the presented one is right.\n  presented: ${presented}`
  );
}
