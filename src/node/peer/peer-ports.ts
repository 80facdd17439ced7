import type { PeerPorts } from '../../core/ports.ts';
import type { ObservedAddress } from '../../core/private/signaling/candidates.ts';
import type { ProfileFiles } from '../profile-files.ts';
import { AddressRulesFile } from './address-rules-file.ts';
import { IdentitiesFile } from './identities-file.ts';
import { deviceIdentity, nodePeerCrypto } from './identity-crypto.ts';
import { sessionCertificates } from './peer-certificate.ts';
import { peerTransport } from './peer-transport.ts';

/**
 * The ports of private sessions, for one account on this computer.
 * @param kept stored files of the account, by name
 * @param privateKey of the device identity, PKCS #8 in PEM
 * @param publicAddress configured address whose port a router forwards to this computer
 * @throws ProfileError when a file is damaged
 */
export function peerPorts(
  kept: ProfileFiles,
  privateKey: string,
  publicAddress: ObservedAddress | undefined,
): PeerPorts {
  return {
    crypto: nodePeerCrypto,
    identity: deviceIdentity(privateKey),
    certificates: sessionCertificates,
    identities: new IdentitiesFile(kept.identities),
    addressRules: new AddressRulesFile(kept['address-rules']),
    publicAddress,
    transport: (relay) => peerTransport({ relay, listenPort: publicAddress?.port }),
  };
}
