import type { PeerPorts } from '../../src/core/ports.ts';
import type { PeerTransport } from '../../src/core/private/private-ports.ts';
import { nodePeerCrypto } from '../../src/node/peer/identity-crypto.ts';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';
import type { AddressRule } from '../../src/shared/client-api/private-view.ts';
import { makeIdentity, MemoryIdentityStore } from './peer-introducer.ts';

/** A transport without a network. */
const nowhere: PeerTransport = {
  localAddresses: () => [],
  endpoint: () => ({
    listen: (ready) => void Promise.resolve().then(() => ready(undefined)),
    dial: (_candidate, _fromPort, handler) => {
      void Promise.resolve().then(() => handler.failed('unreachable'));
      return { cancel: () => undefined };
    },
    tunnel: (_token, handler) => {
      void Promise.resolve().then(() => handler.failed('unreachable'));
      return { cancel: () => undefined };
    },
    close: () => undefined,
  }),
};

/** Ports of private sessions, in memory. */
export function memoryPeers(transport: PeerTransport = nowhere): PeerPorts {
  let rule: AddressRule = { reveal: true, people: {} };
  return {
    crypto: nodePeerCrypto,
    identity: makeIdentity(),
    certificates: sessionCertificates,
    identities: new MemoryIdentityStore(),
    addressRules: {
      read: () => rule,
      write: (changed) => {
        rule = changed;
      },
    },
    publicAddress: undefined,
    transport: () => transport,
  };
}
