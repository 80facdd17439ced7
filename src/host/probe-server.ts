import type { Dialer, Link, LinkEnd, Pin, ServerAddress } from '../core/ports.ts';
import { type Failure, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { Problem } from '../shared/client-api/connection-state.ts';
import { HOST_LIMITS } from '../shared/limits.ts';

/** Result of a probe. */
export type ProbeResult =
  | { readonly kind: 'plaintext' }
  /** `known`: it is the pinned one, and the server has its key; `unreadable`: the pin is damaged. */
  | { readonly kind: 'certificate'; readonly presented: Pin; readonly known: boolean; readonly unreadable?: true };

/**
 * Reads the certificate of a server without sending data or trusting the server (G1). The first dial of an unknown server
 * is refused, as in every connection; see `core/connection/trust.ts`.
 * @param pin the pinned certificate, if there is one
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
    const timer = setTimeout(() => finish(cannotConnect({ kind: 'not-answering' })), HOST_LIMITS.probeMs);
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
  return failed('cannot-connect', { problem });
}
