import type { ServerChoice } from '../shared/client-api/host.ts';
import type { AppHost, AppHostOptions } from './app-host.ts';
import { runHostCommand } from './host-commands.ts';

/** The server that the command line names. */
export function offeredServer(options: {
  readonly server: ServerChoice | undefined;
  readonly serverFingerprint: string | undefined;
}): Pick<AppHostOptions, 'server' | 'serverFingerprint'> {
  const { server, serverFingerprint } = options;
  return { ...(server && { server }), ...(serverFingerprint !== undefined && { serverFingerprint }) };
}

/**
 * Pins the certificate of the offered server at the first start, if the program that has started both vouches for it: the
 * user then begins with the sign-in (G1).
 */
export async function trustVouchedServer(host: AppHost): Promise<void> {
  const { server } = host;
  const vouched = server && host.vouchedFingerprint(server);
  if (server === undefined || vouched === undefined || host.account !== undefined || host.locked) return;
  if (host.read().view.fingerprint === vouched) return;
  // If the server does not answer, the first screen asks for its address and reports that.
  const probed = await runHostCommand(host, 'host.probeServer', server);
  if (probed.ok && probed.result.trust === 'known' && host.account === undefined) host.emit({ name: 'host.replaced' });
}
