import type { Dialer, Link, LinkEnd, Pin, ServerAddress } from '../core/ports.ts';
import { clientFailure, type Failure, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import { PROBLEMS, type Problem } from '../shared/client-api/connection-state.ts';

/** How long a server may take to show its certificate, milliseconds. */
const PROBE_MS = 10_000;

/** What a server shows before anything is said to it. */
export type ProbeResult =
  | { readonly kind: 'plaintext' }
  /** Its certificate; `known` where it is the pinned one, and proven to have its key; `unreadable` where the pin is damaged. */
  | { readonly kind: 'certificate'; readonly presented: Pin; readonly known: boolean; readonly unreadable?: true };

/**
 * Dials a server only to see its certificate: nothing is sent, nobody is trusted by it (G1). The first dial of an
 * unknown server is refused by design, as everywhere; see `core/connection/trust.ts`.
 * @param pin the certificate known so far
 */
export function probeServer(
  dialer: Dialer,
  server: ServerAddress,
  plaintext: boolean,
  pin: Pin | undefined,
): Promise<Outcome<ProbeResult>> {
  return new Promise((resolve) => {
    const finish = (outcome: Outcome<ProbeResult>): void => {
      clearTimeout(timer);
      resolve(outcome);
      link.destroy();
    };
    const timer = setTimeout(() => finish(cannotConnect({ kind: 'not-answering' })), PROBE_MS);
    const link: Link = dialer.dial(
      { ...server, security: plaintext ? { kind: 'plaintext' } : { kind: 'tls', pin } },
      {
        opened: () => {
          if (pin === undefined || plaintext) finish(succeeded({ kind: 'plaintext' }));
          else finish(succeeded({ kind: 'certificate', presented: pin, known: true }));
        },
        bytes: () => undefined,
        closed: (end) => finish(resultOf(end)),
      },
    );
  });
}

function resultOf(end: LinkEnd): Outcome<ProbeResult> {
  switch (end.kind) {
    case 'problem':
      return cannotConnect(end.problem);
    case 'certificate-unknown':
      return succeeded({ kind: 'certificate', presented: end.presented, known: false });
    case 'certificate-changed': {
      const unreadable = end.unreadable === true ? ({ unreadable: true } as const) : {};
      return succeeded({ kind: 'certificate', presented: end.presented, known: false, ...unreadable });
    }
  }
}

function cannotConnect(problem: Problem): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { ...clientFailure('cannot-connect', PROBLEMS[problem.kind]), problem } };
}
