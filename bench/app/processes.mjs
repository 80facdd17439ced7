// The measured programs, each in its own process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../server/dist/index.js', import.meta.url));
const TERMINAL = fileURLToPath(new URL('../../out/terminal/index.js', import.meta.url));
/** The built browser host, whose histories are not encrypted. */
export const BROWSER_HOST = fileURLToPath(new URL('../../out/browser/index.js', import.meta.url));
const UI = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const LINK = /http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43}/;
const READY = /Waiting for connection request/;
const START_MS = 60_000;

/** @typedef {{ program: string, key: string | undefined }} HostKind */
/** @typedef {{ pid: number, said: string, tell: (lines: string) => void, stop: () => Promise<void> }} Running */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Milliseconds since 1970 UTC, with fractions: comparable with the page's own. */
export const now = () => performance.timeOrigin + performance.now();

/** @returns {Promise<number>} */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  return port;
}

/**
 * @param {readonly string[]} args of Node
 * @param {RegExp} ready what it says when it is up
 * @param {Record<string, string>} [env]
 * @returns {Promise<Running>} `said`: what matched; `tell`: writes to its standard input
 */
async function start(args, ready, env = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  running.add(child);
  const exited = once(child, 'close').then(() => running.delete(child));
  let said = '';
  const found = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), START_MS);
    const look = (/** @type {string} */ text) => {
      said += text;
      if (!ready.test(said)) return;
      clearTimeout(timer);
      resolve(ready.exec(said)?.[0] ?? null);
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    void exited.then(() => resolve(null));
  });
  if (found === null || child.pid === undefined) throw new Error(`${args[0]} did not start:\n${said}`);
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const tell = (/** @type {string} */ lines) => void child.stdin.write(lines);
  return { pid: child.pid, said: found, tell, stop };
}

/** @param {number} port @param {string} data */
export function startServer(port, data) {
  const options = ['--host', '127.0.0.1', '--data', data, '--log-level', 'warn', '--message-rate', '0'];
  return start([SERVER, String(port), '120', '0', ...options], READY);
}

/**
 * The host of the app; `said` is the link that opens it.
 * @param {HostKind} kind @param {string} data @param {number} serverPort
 */
export function startHost({ program, key }, data, serverPort) {
  if (key !== undefined) return start([program, data, UI, String(serverPort), key], LINK);
  return start([program, '--data', data, '--server', `127.0.0.1:${serverPort}`], LINK);
}

/** Another user with the terminal client. @param {string} name @param {number} port @param {string} data */
export function startTerminal(name, port, data) {
  const args = [TERMINAL, '127.0.0.1', String(port), '--user', name, '--register', '--json', '--data', data];
  return start(args, /signed-in/, { ASIDE_PASSWORD: 'correct horse battery' });
}

/** Memory of a process, in MB. @param {number} pid @returns {{ pss: number, own: number }} `own`: not shared */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (/** @type {string} */ field) =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { pss: kilobytes('Pss') / 1e3, own: (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) / 1e3 };
}
