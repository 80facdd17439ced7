import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import {
  HOST_COMMANDS,
  type HostCommandName,
  type HostCommandParams,
  type HostCommandResult,
  type ServerChoice,
  type ServerProbe,
} from '../shared/client-api/host.ts';
import type { AppHost } from './app-host.ts';
import { readGreeting, recognizeServer } from '../core/connection/recognize-server.ts';
import type { DialTarget } from '../core/ports.ts';
import { systemClock } from '../node/clock.ts';
import { probeServer } from './probe-server.ts';
import { isLoopbackHost } from '../shared/ip-address.ts';
import { storedAccountKey, sameServer } from './account/state-file.ts';

type Handler<K extends HostCommandName> = (
  host: AppHost,
  params: HostCommandParams<K>,
) => Outcome<HostCommandResult<K>> | Promise<Outcome<HostCommandResult<K>>>;

/** Handlers of all host commands; a command without a handler does not compile. */
type Handlers = { readonly [K in HostCommandName]: Handler<K> };

const HANDLERS: Handlers = {
  'host.chooseServer': chooseServer,
  'host.probeServer': probe,
  'host.trustServer': trust,
  'host.moveServer': moveServer,
  'host.chooseAccount': chooseAccount,
  'host.forgetAccount': (host, account) => {
    if (host.account !== undefined && storedAccountKey(host.account) === storedAccountKey(account)) host.closeAccount();
    host.forget(account);
    host.emit({ name: 'host.replaced' });
    return succeeded({});
  },
  'host.unlock': (host, { passphrase }) => host.protection.unlock(passphrase),
  'host.setPassphrase': (host, { passphrase, current }) => host.protection.setPassphrase(passphrase, current),
  'host.removePassphrase': (host, { current }) => host.protection.removePassphrase(current),
  'host.lock': (host) => host.protection.lock(),
  'host.handedOver': (host) => {
    host.protection.onHandedOver();
    return succeeded({});
  },
  'host.writePreferences': (host, preferences) => {
    host.writePreferences(preferences);
    return succeeded({});
  },
  'host.writeDraft': (host, { conversation, text, isPrivate }) => {
    if (host.account === undefined) return failed('no-token');
    if (isPrivate === true) host.privateDrafts.write(conversation, text);
    else host.stateFile.writeDraft(host.account, conversation, text);
    host.emit({ name: 'host.draftChanged', conversation, text, ...(isPrivate === true ? { isPrivate } : {}) });
    return succeeded({});
  },
  'host.openLink': (host, { url }) => {
    const link = URL.canParse(url) ? new URL(url) : undefined;
    if (link === undefined || !['http:', 'https:', 'mailto:'].includes(link.protocol)) {
      return failed('invalid-command', { detail: 'link-scheme' });
    }
    // Open the parsed URL, not the given text, so that the checked URL is the opened one.
    return host.shell.openLink(link.href);
  },
  'host.notify': (host, notification) => {
    const kind = notification.actions === undefined || notification.actions.length === 0 ? 'message' : 'request';
    return host.shell.notify({ ...notification, kind });
  },
  'host.quit': ({ shell }) => {
    if (shell.quit === undefined) return failed('invalid-command', { detail: 'quit-in-terminal' });
    shell.quit();
    return succeeded({});
  },
  'host.setUnread': (host, { count, privateCount = 0 }) => {
    host.shell.setUnread(count, privateCount);
    return succeeded({});
  },
};

/** Commands allowed while locked; none reads stored data. */
const WITHOUT_PASSPHRASE: ReadonlySet<HostCommandName> = new Set<HostCommandName>([
  'host.unlock',
  'host.writePreferences',
  'host.openLink',
  'host.quit',
  'host.setUnread',
]);

/**
 * Validates and runs a command of the host. If the disk fails, the command fails without a change.
 * @param params unvalidated, from another process
 */
export async function runHostCommand<K extends HostCommandName>(
  host: AppHost,
  name: K,
  params: unknown,
): Promise<Outcome<HostCommandResult<K>>> {
  const checked = HOST_COMMANDS[name].params.safeParse(params);
  if (!checked.success) return failed('invalid-command');
  host.refreshLock();
  if (host.locked && !WITHOUT_PASSPHRASE.has(name)) return failed('vault-locked');
  if (host.protection.working !== undefined && (name === 'host.unlock' || !WITHOUT_PASSPHRASE.has(name)))
    return failed('vault-busy');
  const handler: Handler<K> = HANDLERS[name];
  try {
    return await handler(host, checked.data as HostCommandParams<K>);
  } catch (error) {
    // Errors of the system have a code; any other error is a bug.
    if (error instanceof Error && 'code' in error) return failed('storage-here');
    throw error;
  }
}

function chooseServer(host: AppHost, server: ServerChoice): Outcome<Done> {
  if (server.plaintext === true && !isLoopbackHost(server.host)) return plaintextElsewhere();
  host.stateFile.writeServer(server);
  host.closeAccount();
  host.emit({ name: 'host.replaced' });
  return succeeded({});
}

async function probe(host: AppHost, server: ServerChoice): Promise<Outcome<ServerProbe>> {
  const plaintext = server.plaintext === true;
  if (plaintext && !isLoopbackHost(server.host)) return plaintextElsewhere();
  const pin = plaintext ? undefined : host.pins.read(server);
  const outcome = await probeServer(host.dialer, server, plaintext, pin);
  if (!outcome.ok) return outcome;
  const seen = outcome.result;
  if (seen.kind === 'plaintext')
    return succeeded({ trust: 'plaintext', ...(await readRegistration(host, server, { kind: 'plaintext' })) });
  host.lastProbe = { server, presented: seen.presented };
  const { fingerprint } = seen.presented;
  const known = async () => {
    const greeting = await readRegistration(host, server, { kind: 'tls', pin: seen.presented });
    return succeeded({ trust: 'known' as const, fingerprint, ...greeting });
  };
  if (seen.known) return await known();
  if (pin === undefined) {
    const recognized = await recognizeServer(host.trustPorts, server, seen.presented);
    if (!recognized.ok) return recognized;
    if (recognized.result) return await known();
  }
  if (host.vouchedFingerprint(server) === fingerprint) {
    host.pins.write(server, seen.presented);
    return await known();
  }
  if (pin === undefined) return succeeded({ trust: 'new', fingerprint });
  if (seen.unreadable === true) return succeeded({ trust: 'unreadable', fingerprint });
  return succeeded({ trust: 'changed', fingerprint, expected: pin.fingerprint });
}

/** Policy on new accounts, which a server greets with; nothing if it does not greet. */
async function readRegistration(
  host: AppHost,
  server: ServerChoice,
  security: DialTarget['security'],
): Promise<Pick<ServerProbe, 'registration'>> {
  const greeted = await readGreeting({ dialer: host.dialer, clock: systemClock }, server, security);
  return greeted.ok ? { registration: greeted.result.policy.registration } : {};
}

function trust(host: AppHost, { fingerprint, ...server }: HostCommandParams<'host.trustServer'>): Outcome<Done> {
  const seen = host.lastProbe;
  if (seen === undefined || !sameServer(seen.server, server) || seen.presented.fingerprint !== fingerprint) {
    return failed('certificate-changed');
  }
  host.pins.write(server, seen.presented);
  return succeeded({});
}

async function moveServer(host: AppHost, { host: name, port }: ServerChoice): Promise<Outcome<Done>> {
  const { account } = host;
  if (account === undefined) return failed('no-token');
  const server = { host: name, port };
  if (sameServer(account.server, server)) return succeeded({});
  const probed = await probe(host, server);
  if (!probed.ok) return probed;
  const isSame = host.pins.addressesOf(account.server).some((one) => sameServer(one, server));
  if (account.server.plaintext === true || probed.result.trust !== 'known' || !isSame) return failed('another-server');
  host.stateFile.writeServer(server);
  return host.openAccount({ server, username: account.username });
}

function chooseAccount(host: AppHost, asked: HostCommandParams<'host.chooseAccount'>): Outcome<Done> {
  const account = host.stateFile.state.accounts.find((one) => storedAccountKey(one) === storedAccountKey(asked));
  if (account === undefined) return failed('no-token');
  host.stateFile.remember(account);
  return host.openAccount(account);
}

function plaintextElsewhere(): ReturnType<typeof failed> {
  return failed('invalid-command', { detail: 'plaintext-remote' });
}
