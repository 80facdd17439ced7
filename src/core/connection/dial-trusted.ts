import type { Dialer, Link, LinkHandler, Pin, Pins, ServerAddress } from '../ports.ts';

/** Address of a server and the rules of trusting its certificate. */
export interface TrustPolicy {
  readonly server: ServerAddress;
  readonly plaintext: boolean;
  /** Fingerprint of a changed certificate that the user has accepted. */
  acceptedFingerprint: string | undefined;
}

/**
 * Dials with trust on first use (G1): the first connection to a server without a pin only reads the certificate and sends
 * nothing; the certificate is pinned, and a second connection has to prove it. A changed certificate is refused unless
 * the user has accepted exactly that one.
 * @param pinned called with a new pin, before the second connection
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
