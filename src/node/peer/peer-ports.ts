import type { PeerPorts } from '../../core/ports.ts';
import type { ObservedAddress } from '../../core/private/signaling/candidates.ts';
import type { ProfileFiles } from '../profile-files.ts';
import { AddressRulesFile } from './address-rules-file.ts';
import { IdentitiesFile } from './identities-file.ts';
import { deviceIdentity, nodePeerCrypto } from './identity-crypto.ts';
import { throwAwayCertificates } from './peer-certificate.ts';
import { peerTransport } from './peer-transport.ts';

/**
 * What private sessions of one account on this computer need.
 * @param kept what is kept of the account, by its name
 * @param privateKey of the device identity, PKCS #8 in PEM
 * @param publicAddress where this computer can be reached from outside, with a port that is passed on to it
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
    certificates: throwAwayCertificates,
    identities: new IdentitiesFile(kept.identities),
    addressRules: new AddressRulesFile(kept['address-rules']),
    publicAddress,
    transport: (relay) => peerTransport({ relay, listenPort: publicAddress?.port }),
  };
}
