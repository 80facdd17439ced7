import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../server/src/ops/log.ts';
import { parseConfig } from '../../server/src/parse-config.ts';
import { run } from '../../server/src/run.ts';
import { freePort, type RunningServer, type ServerOptions } from './server-process.ts';
import { storeWorkerUrl } from './store-worker-url.ts';

/** The least that argon2 takes. A server as a process proves the standard cost. */
const CHEAP_PASSWORD = { memoryCost: 8, timeCost: 1 };

/**
 * Starts the server in the process of the test, with its real arguments, sockets and store, but with cheap password hashes.
 * It cannot be killed; tests that kill, restart or measure the process use `startServer`.
 */
export async function startServerHere(options: ServerOptions = {}): Promise<RunningServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'aside-server-'));
  const port = options.port ?? (await freePort());
  const numbers = [port, options.blockSeconds ?? 120, options.timeoutSeconds ?? 0].map(String);
  const args = [...numbers, '--host', '127.0.0.1', '--data', dataFolder];
  if (options.plaintext) args.push('--plaintext');
  const parsed = parseConfig([...args, ...(options.args ?? [])], options.env ?? {}, (path) =>
    readFileSync(path, 'utf8'),
  );
  if (parsed.kind !== 'run') throw new Error(`the server does not take ${args.join(' ')}`);
  let stdout = '';
  let stderr = '';
  const { logLevel: level, logFormat: format } = parsed.config;
  const server = await run({
    config: parsed.config,
    log: createLog({ level, format, write: (line) => (stderr += line) }),
    storeWorkerUrl: await storeWorkerUrl(),
    passwordCost: CHEAP_PASSWORD,
    print: (text) => (stdout += text),
    onFatal: () => {
      throw new Error('the store failed');
    },
  });
  const certificateFile = join(dataFolder, 'server-certificate.pem');
  const notHere = (): never => {
    throw new Error('a server in the process of the test cannot be killed');
  };
  return {
    port,
    dataFolder,
    fingerprint: undefined,
    certificate: existsSync(certificateFile) ? readFileSync(certificateFile, 'utf8') : undefined,
    pid: process.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    stop: notHere,
    killHard: notHere,
    exited: new Promise(() => undefined),
    async cleanUp() {
      await server.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
