// Starts the server, unless one answers already, and then the app: in its own window where that is possible, else in a
// browser. Ends both together. What `npm start` does once everything is there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { PASSED_ON, ROOT, run, say, whenParentGoes } from './setup.mjs';
import { chooseBrowser, howOthersJoin } from './start-hints.mjs';

const ADDRESS = /^address:\s+(\S+):(\d+) \((no TLS|TLS)/m;
const FINGERPRINT = /^fingerprint:\s+([0-9A-F:]{95})$/m;
const READY = 'Waiting for connection request';

/**
 * A server that the app is for.
 * @typedef {{ host: string, port: string, tls: boolean, fingerprint: string | undefined }} Announced `host`: where it listens
 */

/**
 * @param {string} said what the server has printed so far
 * @returns {Announced | undefined} undefined before it has said everything
 */
export function readAnnouncement(said) {
  const [, host = '', port, protocol] = ADDRESS.exec(said) ?? [];
  const [, fingerprint] = FINGERPRINT.exec(said) ?? [];
  const tls = protocol === 'TLS';
  if (!port || !said.includes(READY) || (tls && fingerprint === undefined)) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port, tls, fingerprint };
}
const ELECTRON = join(ROOT, 'node_modules', 'electron');

/** @returns {string | undefined} Electron's program, where it was fetched; nothing is ever fetched by asking */
export function findElectron() {
  const pathFile = join(ELECTRON, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined;
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ELECTRON, 'dist');
  const program = join(folder, name ?? 'electron');
  return existsSync(program) ? program : undefined;
}

/**
 * In which shell the app runs here, and the sentence that says why.
 * @param {{ electron: string | undefined, platform: NodeJS.Platform, root: boolean, env: NodeJS.ProcessEnv }} machine
 * @returns {{ electron?: string, why: string }}
 */
export function chooseShell({ electron, platform, root, env }) {
  if (electron === undefined) {
    return {
      why: 'Electron is not installed here (npx install-electron fetches it), so the app runs in your browser.',
    };
  }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { why: 'There is no display here, so the app runs in a browser.' };
  }
  if (platform === 'linux' && root) {
    return { why: 'Electron keeps its sandbox, which the superuser cannot have, so the app runs in a browser.' };
  }
  return { electron, why: 'Opening the app in its window.' };
}

/**
 * Electron gets the project's folder, not a file: it then takes the app's name from package.json, and the system's secret
 * store keeps the key under that name, as for the installed app.
 * @param {string | undefined} electron
 * @returns {[string, ...string[]]} program and arguments
 */
export function appCommand(electron) {
  return electron === undefined ? [process.execPath, join(ROOT, 'out', 'browser', 'index.js')] : [electron, ROOT];
}

/**
 * @param {number} port on this machine
 * @returns {Promise<boolean>} whether something takes connections there
 */
export function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * A server in a process group of its own: Ctrl-C at the terminal reaches the app alone, and the server is told once, after
 * it, because a second signal would cut its good-byes short.
 */
class Server {
  #told = false;

  /** @param {readonly string[]} args */
  constructor(args) {
    this.child = spawn(process.execPath, [join(ROOT, 'server', 'dist', 'index.js'), ...args], {
      cwd: process.cwd(),
      // The terminal's input belongs to the app.
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    /** @type {Promise<number>} its exit code */
    this.ended = new Promise((resolve) => this.child.on('exit', (code) => resolve(code ?? 1)));
    this.child.on('error', (error) => say(error.message));
    for (const signal of PASSED_ON) process.once(signal, () => void this.stop());
    process.once('exit', () => this.#tell());
    whenParentGoes(() => process.kill(process.pid, 'SIGTERM'));
  }

  /** Whether it was told to end. */
  get isEnding() {
    return this.#told;
  }

  /** Shows what the server says. @returns {Promise<Announced | undefined>} undefined if it ended instead */
  async ready() {
    let said = '';
    const ready = new Promise((/** @type {(announced: Announced) => void} */ resolve) => {
      this.child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        process.stdout.write(text);
        if (said === 'all') return;
        said += text;
        const announced = readAnnouncement(said);
        if (announced === undefined) return;
        said = 'all';
        resolve(announced);
      });
    });
    return await Promise.race([ready, this.ended.then(() => undefined)]);
  }

  /** @returns {Promise<number>} its exit code */
  async stop() {
    this.#tell();
    return await this.ended;
  }

  #tell() {
    if (this.#told) return;
    this.#told = true;
    this.child.kill('SIGTERM');
  }
}

/**
 * Starts the app in its window if that is possible, else in a browser, and waits for its end.
 * @param {readonly string[]} args the app's
 * @returns {Promise<number>} the app's exit code
 */
export async function startApp(args) {
  const { electron, why } = chooseShell({
    electron: findElectron(),
    platform: process.platform,
    root: process.getuid?.() === 0,
    env: process.env,
  });
  say(why);
  const browser =
    electron === undefined
      ? chooseBrowser({ platform: process.platform, terminal: process.stdout.isTTY, env: process.env })
      : { open: false };
  if (browser.why !== undefined) say(browser.why);
  const [program, ...entry] = appCommand(electron);
  return await run(program, [...entry, ...(browser.open ? ['--open'] : []), ...args], { cwd: process.cwd() });
}

/**
 * @param {string} host of the server that a first start offers
 * @param {string} port
 * @param {string} [fingerprint] of its certificate, if this program has started it
 * @returns {Promise<number>} the app's exit code
 */
async function startAppFor(host, port, fingerprint) {
  say(`To join from another terminal: npm run client -- ${host} ${port}`);
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const vouched = fingerprint === undefined ? [] : ['--server-fingerprint', fingerprint];
  return await startApp(['--server', address, ...vouched]);
}

/**
 * Starts what is missing of server and app, and waits for the app's end, which is the server's too where it was started
 * here. A server that ends first leaves the app running: it says so itself, and goes on when the server is back.
 * @param {readonly string[]} args the server's
 * @returns {Promise<number>} an exit code
 */
export async function startServerAndApp(args) {
  const port = Number(args[0]);
  if (port > 0 && (await answers(port))) {
    say(`A server answers at 127.0.0.1:${port} already; the app uses that one.`);
    return await startAppFor('127.0.0.1', String(port));
  }
  say(`Starting the server: node server/dist/index.js ${args.join(' ')}`);
  const server = new Server(args);
  const announced = await server.ready();
  if (announced === undefined || server.isEnding) return await server.ended;
  say(howOthersJoin(announced, networkInterfaces()));
  const host = ['::', '0.0.0.0'].includes(announced.host) ? '127.0.0.1' : announced.host;
  const code = await startAppFor(host, announced.port, announced.fingerprint);
  return (await server.stop()) || code;
}
