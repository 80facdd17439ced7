import type { ConnectionState, Problem } from '../../shared/client-api/connection-state.ts';
import { clientFailure, type Failure } from '../../shared/client-api/failure.ts';
import type { ServerParams } from '../../shared/protocol/messages.ts';
import type { RpcConnectionEnd } from './rpc-connection.ts';

/** The client's next step after a connection has ended. */
export type NextStep =
  | { readonly kind: 'retry'; readonly problem: Problem; readonly atLeastMs: number }
  | { readonly kind: 'stop'; readonly state: ConnectionState };

/**
 * Decides whether to reconnect. Never after an end that the user has to decide on (timed out, replaced, locked, account
 * deleted, certificate changed); always after every other.
 * @param farewell `session.ended`, if the server sent it
 */
export function afterEnd(end: RpcConnectionEnd, farewell: ServerParams<'session.ended'> | undefined): NextStep {
  if (farewell !== undefined) return afterFarewell(farewell);
  switch (end.kind) {
    case 'problem':
      return { kind: 'retry', problem: end.problem, atLeastMs: 0 };
    case 'rejected':
      return { kind: 'retry', problem: rejection(end.failure), atLeastMs: end.failure.retryAfterMs ?? 0 };
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

/** The problem of a connection that the server rejected. */
export function rejection({ reason, message }: Failure): Problem {
  return { kind: 'rejected', ...(message === undefined ? { reason } : { detail: message }) };
}

/** The end of a connection as the failure of a pending sign-in. */
export function endAsFailure(end: RpcConnectionEnd, farewell: ServerParams<'session.ended'> | undefined): Failure {
  if (end.kind === 'rejected') return end.failure;
  const next = afterEnd(end, farewell);
  if (next.kind === 'retry') return clientFailure('cannot-connect', { problem: next.problem });
  if (end.kind !== 'certificate-changed') return clientFailure('connection-lost');
  const presented = end.presented.fingerprint;
  return end.unreadable === true
    ? clientFailure('certificate-unreadable', { certificate: { presented } })
    : clientFailure('certificate-changed', { certificate: { expected: end.expected.fingerprint, presented } });
}
