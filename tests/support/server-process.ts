import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built server, as a person starts it. */
export const SERVER_FILE = fileURLToPath(new URL('../../server/dist/index.js', import.meta.url));
const READY_LINES = ['===== Server is running =====', '===== Waiting for connection request from clients...====='];
const START_MS = 40_000;
const FINGERPRINT = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/i;

export interface ServerOptions {
  /** Further arguments after the three numbers. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kept when the server goes; without it a temporary one is made and removed. */
  readonly dataFolder?: string;
  readonly plaintext?: boolean;
  /** Without it a free one is found. */
  readonly port?: number;
  readonly blockSeconds?: number;
  readonly timeoutSeconds?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningServer {
  readonly port: number;
  readonly dataFolder: string;
  /** As printed at the start, `AB:CD:…`; undefined without TLS. */
  readonly fingerprint: string | undefined;
  /** The certificate in PEM; undefined without TLS. */
  readonly certificate: string | undefined;
  readonly pid: number;
  /** Everything printed until now. */
  stdout(): string;
  stderr(): string;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  /** As a power cut: SIGKILL, and waits for the end. */
  killHard(): Promise<Exit>;
  readonly exited: Promise<Exit>;
  /** Ends the server if it still runs, and removes a temporary data folder. */
  cleanUp(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ports below those that systems give to outgoing connections: a restarted server finds its port still free. */
const PORTS = { first: 20_000, many: 12_000 };

/** A port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = PORTS.first + randomInt(PORTS.many);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error('no port');
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stdout(): string;
  stderr(): string;
}

function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  if (!existsSync(SERVER_FILE)) throw new Error(`${SERVER_FILE} is missing: run "npm run build" first.`);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ASIDE_|VITEST|NODE_OPTIONS)/.test(name));
  const child = spawn(process.execPath, [SERVER_FILE, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('the server process could not be started');
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // 'close' comes after the last output, 'exit' may come before.
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return { child, pid: child.pid, exited, stdout: () => stdout, stderr: () => stderr };
}

/** Runs the server with exactly these arguments until it ends by itself. */
export async function runServer(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Exit & { stdout: string; stderr: string }> {
  const started = launch(args, env);
  const timer = setTimeout(() => started.child.kill('SIGKILL'), START_MS);
  const exit = await started.exited;
  clearTimeout(timer);
  return { ...exit, stdout: started.stdout(), stderr: started.stderr() };
}

/**
 * Starts the built server on 127.0.0.1 and waits until it says that it accepts connections (A2).
 * @throws Error with its output, where it ends or stays silent instead
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'aside-server-'));
  const temporary = options.dataFolder === undefined;
  const removeFolder = (): void => {
    if (temporary) rmSync(dataFolder, { recursive: true, force: true });
  };
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const started = launch(
      [
        ...[port, options.blockSeconds ?? 120, options.timeoutSeconds ?? 0].map(String),
        ...['--host', '127.0.0.1', '--data', dataFolder],
        ...(options.plaintext ? ['--plaintext'] : []),
        ...(options.args ?? []),
      ],
      options.env,
    );
    if (await ready(started)) return asServer(started, port, dataFolder, removeFolder);
    started.child.kill('SIGKILL');
    const exit = await started.exited;
    // Another process may have taken the port since it was found free.
    if (options.port === undefined && attempt < 3 && /port/i.test(started.stderr())) continue;
    removeFolder();
    const output = `${started.stdout()}${started.stderr()}`;
    throw new Error(`the server did not start (${exit.code ?? exit.signal}):\n${output}`);
  }
}

async function ready(started: Started): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), START_MS);
    const look = (): void => {
      const lines = started.stdout().split('\n');
      if (!READY_LINES.every((line) => lines.some((printed) => printed.includes(line)))) return;
      clearTimeout(timer);
      resolve(true);
    };
    started.child.stdout?.on('data', look);
    void started.exited.then(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function asServer(started: Started, port: number, dataFolder: string, removeFolder: () => void): RunningServer {
  const certificateFile = join(dataFolder, 'server-certificate.pem');
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
    started.child.kill(signal);
    return await started.exited;
  };
  return {
    port,
    dataFolder,
    get fingerprint() {
      return FINGERPRINT.exec(started.stdout())?.[0];
    },
    certificate: existsSync(certificateFile) ? readFileSync(certificateFile, 'utf8') : undefined,
    pid: started.pid,
    stdout: started.stdout,
    stderr: started.stderr,
    stop,
    killHard: () => stop('SIGKILL'),
    exited: started.exited,
    async cleanUp() {
      if (running.has(started.child)) await stop('SIGKILL');
      removeFolder();
    },
  };
}
