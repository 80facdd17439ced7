import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import {
  HOST_COMMANDS,
  type HostCommandName,
  type HostCommandParams,
  type HostCommandResult,
  type ServerChoice,
  type ServerLook,
} from '../shared/client-api/host.ts';
import type { AppHost } from './app-host.ts';
import { lookAtServer } from './look-at-server.ts';
import { isLoopback } from './loopback.ts';
import { accountKey, sameServer } from './account/state-file.ts';

type Handler<K extends HostCommandName> = (
  host: AppHost,
  params: HostCommandParams<K>,
) => Outcome<HostCommandResult<K>> | Promise<Outcome<HostCommandResult<K>>>;

/** What each command of the host does. A new one without a handler does not compile. */
type Handlers = { readonly [K in HostCommandName]: Handler<K> };

const HANDLERS: Handlers = {
  'host.chooseServer': chooseServer,
  'host.lookAtServer': look,
  'host.trustServer': trust,
  'host.chooseAccount': chooseAccount,
  'host.forgetAccount': (host, account) => {
    if (host.account !== undefined && accountKey(host.account) === accountKey(account)) host.closeAccount();
    host.forget(account);
    host.tell({ name: 'host.replaced' });
    return succeeded({});
  },
  'host.unlock': (host, { passphrase }) => host.protection.unlock(passphrase),
  'host.setPassphrase': (host, { passphrase, current }) => host.protection.setPassphrase(passphrase, current),
  'host.removePassphrase': (host, { current }) => host.protection.removePassphrase(current),
  'host.lock': (host) => host.protection.lock(),
  'host.handedOver': (host) => {
    host.protection.handedOver();
    return succeeded({});
  },
  'host.writePreferences': (host, preferences) => {
    host.writePreferences(preferences);
    return succeeded({});
  },
  'host.writeDraft': (host, { conversation, text, isPrivate }) => {
    if (host.account === undefined) return failed('no-token');
    if (isPrivate === true) host.asideDrafts.write(conversation, text);
    else host.stateFile.writeDraft(host.account, conversation, text);
    host.tell({ name: 'host.draftChanged', conversation, text, ...(isPrivate === true ? { isPrivate } : {}) });
    return succeeded({});
  },
  'host.openLink': (host, { url }) => {
    const link = URL.canParse(url) ? new URL(url) : undefined;
    if (link === undefined || !['http:', 'https:', 'mailto:'].includes(link.protocol)) {
      return failed('invalid-command', 'Only links to web pages and mail addresses are opened.');
    }
    // As it was read here, not as it was written: both sides of the check must see the same.
    return host.shell.openLink(link.href);
  },
  'host.notify': (host, notice) => {
    const kind = notice.actions === undefined || notice.actions.length === 0 ? 'message' : 'request';
    return host.shell.notify({ ...notice, kind });
  },
  'host.quit': ({ shell }) => {
    if (shell.quit === undefined) return failed('invalid-command', 'The terminal that Aside was started in ends it.');
    shell.quit();
    return succeeded({});
  },
  'host.setUnread': (host, { count, privateCount = 0 }) => {
    host.shell.setUnread(count, privateCount);
    return succeeded({});
  },
};

/** What is there while everything else is locked: none of it needs what is kept. */
const WITHOUT_PASSPHRASE: ReadonlySet<HostCommandName> = new Set<HostCommandName>([
  'host.unlock',
  'host.writePreferences',
  'host.openLink',
  'host.quit',
  'host.setUnread',
]);

/**
 * Runs one command of the host. Its parameters become trusted here. A disk that fails is told; nothing was changed then.
 * @param params as they came from another process
 */
export async function runHostCommand<K extends HostCommandName>(
  host: AppHost,
  name: K,
  params: unknown,
): Promise<Outcome<HostCommandResult<K>>> {
  const checked = HOST_COMMANDS[name].params.safeParse(params);
  if (!checked.success) return failed('invalid-command');
  host.look();
  if (host.locked && !WITHOUT_PASSPHRASE.has(name)) return failed('vault-locked');
  if (host.protection.working !== undefined && (name === 'host.unlock' || !WITHOUT_PASSPHRASE.has(name)))
    return failed('vault-busy');
  const handler: Handler<K> = HANDLERS[name];
  try {
    return await handler(host, checked.data as HostCommandParams<K>);
  } catch (error) {
    // The system's errors have a code; anything else is a bug and stays one.
    if (error instanceof Error && 'code' in error) return failed('storage-here');
    throw error;
  }
}

function chooseServer(host: AppHost, server: ServerChoice): Outcome<Done> {
  if (server.plaintext === true && !isLoopback(server.host)) return plaintextElsewhere();
  host.stateFile.writeServer(server);
  host.closeAccount();
  host.tell({ name: 'host.replaced' });
  return succeeded({});
}

async function look(host: AppHost, server: ServerChoice): Promise<Outcome<ServerLook>> {
  const plaintext = server.plaintext === true;
  if (plaintext && !isLoopback(server.host)) return plaintextElsewhere();
  const pin = plaintext ? undefined : host.pins.read(server);
  const outcome = await lookAtServer(host.dialer, server, plaintext, pin);
  if (!outcome.ok) return outcome;
  const seen = outcome.result;
  if (seen.kind === 'plaintext') return succeeded({ trust: 'plaintext' });
  host.lastLook = { server, presented: seen.presented };
  const { fingerprint } = seen.presented;
  if (seen.known) return succeeded({ trust: 'known', fingerprint });
  if (pin === undefined) return succeeded({ trust: 'new', fingerprint });
  if (seen.unreadable === true) return succeeded({ trust: 'unreadable', fingerprint });
  return succeeded({ trust: 'changed', fingerprint, expected: pin.fingerprint });
}

function trust(host: AppHost, { fingerprint, ...server }: HostCommandParams<'host.trustServer'>): Outcome<Done> {
  const seen = host.lastLook;
  if (seen === undefined || !sameServer(seen.server, server) || seen.presented.fingerprint !== fingerprint) {
    return failed('certificate-changed');
  }
  host.pins.write(server, seen.presented);
  return succeeded({});
}

function chooseAccount(host: AppHost, asked: HostCommandParams<'host.chooseAccount'>): Outcome<Done> {
  const account = host.stateFile.state.accounts.find((one) => accountKey(one) === accountKey(asked));
  if (account === undefined) return failed('no-token');
  host.stateFile.remember(account);
  return host.openAccount(account);
}

function plaintextElsewhere(): ReturnType<typeof failed> {
  return failed('invalid-command', 'A server without TLS is used on this machine only.');
}
