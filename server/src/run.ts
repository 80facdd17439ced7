import { readFile } from 'node:fs/promises';
import type { ServerConfig } from './config.ts';
import { isUtf16, parseCredentials } from './credentials-file.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { Log } from './ops/log.ts';
import { type OpsServer, startOpsServer } from './ops/metrics.ts';
import { createPasswordHasher, type PasswordCost } from './password-hasher.ts';
import { type AsideServer, type ServerClock, createServer } from './server.ts';
import { DataFolderError } from './store/sqlite/data-folder.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import type { Store } from './store/store.ts';
import {
  CertificateError,
  loadCertificate,
  loadOrMakeCertificate,
  type ServerCertificate,
} from './transport/certificate.ts';
import { LISTENER_LIMITS } from './transport/listener-limits.ts';
import { type Listener, startListener } from './transport/listener.ts';

/** The server could not start. The message is one sentence for the operator (A2). */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface ServerRunOptions {
  readonly config: ServerConfig;
  readonly log: Log;
  /** The built `store-worker.js`. */
  readonly storeWorkerUrl: URL;
  /** Cost of a password hash; tests use a lower one than the default. */
  readonly passwordCost?: PasswordCost;
  /** Writes lines to standard output, LF included. */
  print(text: string): void;
  /** The store has failed and cannot recover; the server must stop. */
  onFatal(): void;
}

export interface RunningServer {
  /** Accepts no new connections, notifies clients, flushes, and releases port and data folder (A6). */
  stop(): Promise<void>;
}

/** Largest number of skipped lines of a credentials file that are listed. */
const NAMED_LINES = 100;

const clock: ServerClock = {
  now: () => Date.now(),
  every: (ms, job) => {
    const timer = setInterval(job, ms);
    return () => clearInterval(timer);
  },
  endOfTurn: (job) => {
    setImmediate(job);
  },
};

/**
 * Starts the whole server and prints its address (A1, A2).
 * @throws StartError
 */
export async function run(options: ServerRunOptions): Promise<RunningServer> {
  const { config, log } = options;
  // Steps to undo, last first, if a later step of the start fails.
  const undo: (() => Promise<void>)[] = [];
  try {
    const store = await openStore(options);
    undo.push(() => store.close());
    const certificate = config.plaintext ? undefined : await certificateFor(config);
    const server = await createServer({
      config,
      store,
      log,
      clock,
      crypto: nodeCrypto,
      passwords: await createPasswordHasher(options.passwordCost),
    });
    undo.push(() => server.stop());
    if (config.importCredentials !== undefined) await importFile(config.importCredentials, server, options.print);
    const invitation = config.registration === 'invite' ? await server.createInvite() : undefined;
    const { listener, refused } = await listen(config, certificate, server, log);
    undo.push(() => listener.close());
    const running = new Running(store, server, listener);
    running.ops = await openOps(config, server, listener, refused, running);
    options.print(announcement(config, listener, certificate, invitation));
    log.info('started', { address: listener.address, port: listener.port, plaintext: config.plaintext });
    return running;
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {});
    throw startError(error);
  }
}

class Running implements RunningServer {
  ops: OpsServer | undefined;
  #stopping = false;

  constructor(
    private readonly store: Store,
    private readonly server: AsideServer,
    private readonly listener: Listener,
  ) {}

  get isStopping(): boolean {
    return this.#stopping;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.listener.stopAccepting();
    try {
      await this.server.stop();
      await this.listener.close();
      await this.ops?.close();
    } finally {
      await this.store.close();
    }
  }
}

async function openStore({ config, log, storeWorkerUrl, onFatal }: ServerRunOptions): Promise<Store> {
  return openSqliteStore({
    folder: config.dataFolder,
    workerUrl: storeWorkerUrl,
    onFatal: (error) => {
      log.error('store-failed', { error: error.message });
      onFatal();
    },
  });
}

async function certificateFor({ tls, dataFolder }: ServerConfig): Promise<ServerCertificate> {
  return tls === undefined ? loadOrMakeCertificate(dataFolder) : loadCertificate(tls.keyFile, tls.certificateFile);
}

async function importFile(path: string, server: AsideServer, print: (text: string) => void): Promise<void> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new StartError(`The credentials file ${path} cannot be read (${codeOf(error)}).`);
  }
  if (isUtf16(bytes)) {
    throw new StartError(`The credentials file ${path} is UTF-16. Save it as UTF-8, and start the server again.`);
  }
  const { entries, bad } = parseCredentials(bytes.toString('utf8'));
  const { imported, skipped } = await server.importAccounts(entries);
  const allSkipped = [...bad.map(({ line, problem }) => ({ line, why: problem })), ...skipped].sort(
    (a, b) => a.line - b.line,
  );
  let text = `Imported ${counted(imported, 'account')} from ${path}`;
  text += allSkipped.length === 0 ? '.\n' : `, skipped ${counted(allSkipped.length, 'line')}:\n`;
  for (const { line, why } of allSkipped.slice(0, NAMED_LINES)) text += `  line ${line}: ${why}\n`;
  if (allSkipped.length > NAMED_LINES) text += `  and ${allSkipped.length - NAMED_LINES} more\n`;
  print(text);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function listen(
  config: ServerConfig,
  certificate: ServerCertificate | undefined,
  server: AsideServer,
  log: Log,
): Promise<{ listener: Listener; refused: Readonly<Record<string, number>> }> {
  const refused: Record<string, number> = {};
  const options = {
    host: config.host,
    port: config.port,
    tls: certificate,
    limits: LISTENER_LIMITS,
    acceptTunnel: server.acceptTunnel,
    onRefused: (kind: string) => {
      refused[kind] = (refused[kind] ?? 0) + 1;
      log.debug('connection-refused', { kind });
    },
  };
  try {
    return { listener: await startListener(options, server.accept), refused };
  } catch (error) {
    throw listenError(error, config.port, config.host);
  }
}

async function openOps(
  config: ServerConfig,
  server: AsideServer,
  listener: Listener,
  refusedConnections: Readonly<Record<string, number>>,
  running: Running,
): Promise<OpsServer | undefined> {
  const port = config.metricsPort;
  if (port === undefined) return undefined;
  try {
    return await startOpsServer({
      port,
      measure: () => {
        const { delivered, stored, refused, ...stats } = server.stats();
        const messages = { delivered, stored, refused };
        return { ...stats, connections: listener.connections, messages, refusedConnections };
      },
      isReady: () => !running.isStopping,
    });
  } catch (error) {
    throw listenError(error, port, undefined);
  }
}

function announcement(
  config: ServerConfig,
  { address, port }: Listener,
  certificate: ServerCertificate | undefined,
  invitation: string | undefined,
): string {
  const shown = address.includes(':') ? `[${address}]` : address;
  const how = certificate === undefined ? 'no TLS' : 'TLS 1.3';
  const lines = [
    '===== Server is running =====',
    '===== Waiting for connection request from clients...=====',
    `address:      ${shown}:${port} (${how}${config.host === undefined && !config.plaintext ? ', every address of this machine' : ''})`,
    `data folder:  ${config.dataFolder}`,
  ];
  if (certificate !== undefined) lines.push(`fingerprint:  ${certificate.fingerprint}`);
  if (invitation !== undefined) lines.push(`invitation:   ${invitation} (for one new account, within seven days)`);
  return `${lines.join('\n')}\n`;
}

function listenError(error: unknown, port: number, host: string | undefined): StartError {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} is already in use: stop what is using it, or choose another port.`);
    case 'EACCES':
      return new StartError(`This user may not listen on port ${port}: choose a port above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${host} is not an address of this machine: choose another with --host.`);
    default:
      return new StartError(`Cannot listen on port ${port} (${code}).`);
  }
}

function startError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof DataFolderError || error instanceof CertificateError) return new StartError(error.message);
  return new StartError(`The server could not start: ${error instanceof Error ? error.message : String(error)}`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
