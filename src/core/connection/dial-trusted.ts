import type { Dialer, Link, LinkHandler, Pin, Pins, ServerAddress } from '../ports.ts';

/** How a server is reached and whom we take it for. */
export interface TrustPolicy {
  readonly server: ServerAddress;
  readonly plaintext: boolean;
  /** Fingerprint of a changed certificate that the person has accepted. */
  acceptedFingerprint: string | undefined;
}

/**
 * Dials with trust on first use (G1): a server without a pin shows its certificate, the connection is dropped before
 * anything is said, the certificate is pinned, and only a second connection that proves this very certificate is used.
 * A changed certificate is refused unless the person has accepted exactly that one.
 * @param pinned told about a new pin, before the second connection
 */
export function dialTrusted(
  dialer: Dialer,
  pins: Pins,
  policy: TrustPolicy,
  pinned: (pin: Pin, replaced: boolean) => void,
  handler: LinkHandler,
): Link {
  let current: Link;
  let ended = false;

  const dial = (pin: Pin | undefined, mayPin: boolean): Link =>
    dialer.dial(
      { ...policy.server, security: policy.plaintext ? { kind: 'plaintext' } : { kind: 'tls', pin } },
      {
        opened: () => handler.opened(),
        bytes: (chunk) => handler.bytes(chunk),
        closed: (end) => {
          const acceptable =
            end.kind === 'certificate-unknown' ||
            (end.kind === 'certificate-changed' && end.presented.fingerprint === policy.acceptedFingerprint);
          if (!acceptable || !mayPin || ended) {
            handler.closed(end);
            return;
          }
          try {
            pins.write(policy.server, end.presented);
          } catch {
            handler.closed({ kind: 'problem', problem: { kind: 'storage', detail: 'the certificate' } });
            return;
          }
          pinned(end.presented, end.kind === 'certificate-changed');
          current = dial(end.presented, false);
        },
      },
    );

  current = dial(policy.plaintext ? undefined : pins.read(policy.server), true);
  return {
    get unsentBytes() {
      return current.unsentBytes;
    },
    get ends() {
      return current.ends;
    },
    send: (text) => current.send(text),
    close: () => {
      ended = true;
      current.close();
    },
    destroy: () => {
      ended = true;
      current.destroy();
    },
  };
}
