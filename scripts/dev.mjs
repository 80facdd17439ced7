// npm run dev [-- --port PORT --data FOLDER]: the server and the app from the sources, while they are being changed. A
// change of the page is shown at once and keeps its state; server, main process, preload script and browser host are
// built and started again. The app opens in its window if Electron can show one here, else in a browser.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PASSED_ON, ROOT, say, setUp, whenParentGoes } from './setup.mjs';
import { chooseShell, findElectron } from './start-app.mjs';

const BUILT = join(ROOT, 'build', 'dev');
const SERVER_READY = 'Waiting for connection request';

/** A program that is started again whenever its bundle changes. */
class Program {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<unknown>} */
  #gone = Promise.resolve();
  /** @type {Promise<unknown>} */
  #restarting = Promise.resolve();
  #ending = false;

  /**
   * @param {string} name
   * @param {readonly string[]} args of Node
   * @param {import('node:child_process').SpawnOptions} options
   * @param {(child: import('node:child_process').ChildProcess) => void} [started]
   */
  constructor(name, args, options, started = () => undefined) {
    this.name = name;
    this.start = () => {
      const child = spawn(process.execPath, args, { cwd: ROOT, ...options });
      this.#child = child;
      this.#gone = new Promise((gone) => child.once('close', gone));
      child.once('error', (error) => say(error.message));
      child.once('exit', () => {
        if (this.#child !== child) return;
        this.#child = undefined;
        if (!this.#ending) say(`The ${name} has ended. It starts again after the next change.`);
      });
      started(child);
    };
    // An error ends this program without a word to the others.
    process.once('exit', () => this.#child?.kill('SIGTERM'));
  }

  /** Two changes in a row start the program twice, one after the other. */
  restart() {
    this.#restarting = this.#restarting.then(async () => {
      await this.#stopChild('SIGTERM');
      if (!this.#ending) this.start();
    });
  }

  /** @param {NodeJS.Signals | undefined} signal undefined if the program has got one already */
  async end(signal) {
    this.#ending = true;
    await this.#restarting;
    await this.#stopChild(signal);
  }

  /** @param {NodeJS.Signals | undefined} signal */
  async #stopChild(signal) {
    const child = this.#child;
    this.#child = undefined;
    if (signal !== undefined) child?.kill(signal);
    await this.#gone;
  }
}

/**
 * Bundles a program now and after each change of its sources.
 * @param {Readonly<Record<string, string>>} input
 * @param {string} folder
 * @param {() => void} built after every bundle
 */
async function keepBundled(input, folder, built) {
  const { watch } = await import('rolldown');
  const { inputOptions, outputOptions } = await import('./bundle.mjs');
  const watcher = watch({ ...inputOptions(input), output: outputOptions(folder) });
  watcher.on('event', async (event) => {
    if (event.code === 'BUNDLE_END') {
      await event.result.close();
      built();
    } else if (event.code === 'ERROR') {
      say(event.error.message);
      await event.result.close();
    }
  });
  return watcher;
}

/** @typedef {(signal: NodeJS.Signals | undefined) => Promise<void>} EndApp undefined: the app has got a signal already */

/** Resolves to what told this program to end. @returns {Promise<NodeJS.Signals>} */
function toldToEnd() {
  return new Promise((told) => {
    for (const signal of PASSED_ON) process.on(signal, told);
    whenParentGoes(() => told('SIGTERM'));
  });
}

/**
 * Starts the server.
 * @param {number} port
 * @param {string} dataFolder
 * @returns {Promise<{ ready: Promise<boolean>, end: () => Promise<void> }>} ready: false if it can't start
 */
async function startServer(port, dataFolder) {
  /** @type {(ready: boolean) => void} */
  let decide = () => undefined;
  /** @type {Promise<boolean>} */
  const ready = new Promise((done) => (decide = done));
  const args = [String(port), '120', '0', '--host', '127.0.0.1', '--data', dataFolder];
  // In a process group of its own: Ctrl-C at the terminal must not reach the server before the app has signed off.
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { stdio: ['ignore', 'pipe', 'inherit'], detached: true };
  const server = new Program('server', [join(BUILT, 'server', 'index.js'), ...args], options, (child) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      process.stdout.write(text);
      said = `${said}${text}`.slice(-1_000);
      if (said.includes(SERVER_READY)) decide(true);
    });
    child.once('exit', () => decide(false));
  });
  const sources = { index: 'server/src/index.ts', 'store-worker': 'server/src/store/sqlite/store-worker.ts' };
  const watcher = await keepBundled(sources, join(BUILT, 'server'), () => server.restart());
  return {
    ready,
    end: async () => {
      await watcher.close();
      await server.end('SIGTERM');
    },
  };
}

/**
 * Starts the browser host, whose page comes from Vite.
 * @param {readonly string[]} args of the browser host
 * @returns {Promise<EndApp>}
 */
async function startInBrowser(args) {
  const { servePage } = await import('./serve-page.mjs');
  const { address, close } = await servePage();
  const env = { ...process.env, ELECTRON_RENDERER_URL: address };
  const program = join(BUILT, 'browser', 'index.js');
  const host = new Program('browser host', [program, ...args], { stdio: 'inherit', env });
  const sources = { index: 'src/browser/development.ts' };
  const watcher = await keepBundled(sources, join(BUILT, 'browser'), () => host.restart());
  return async (signal) => {
    await watcher.close();
    await host.end(signal);
    await close();
  };
}

/**
 * Starts electron-vite, which builds main process and preload script, serves the page and starts Electron.
 * @param {string} electron
 * @param {readonly string[]} args of the app
 * @param {() => void} ended when the user has quit the app
 * @returns {Promise<EndApp>}
 */
async function startInWindow(electron, args, ended) {
  const program = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const env = { ...process.env, ELECTRON_EXEC_PATH: electron };
  const child = spawn(process.execPath, [program, 'dev', '--watch', '--', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env,
  });
  /** @type {Promise<void>} */
  const gone = new Promise((done) => child.once('close', () => done()));
  child.once('error', (error) => say(error.message));
  void gone.then(ended);
  return async (signal) => {
    if (signal !== undefined) child.kill(signal);
    await gone;
  };
}

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } });
const port = Number(values.port ?? 12_000);
if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
  say('--port is a number from 1 to 65535.');
  process.exit(2);
}
// Beside the user's own account and messages, which a change in progress must not touch.
const data = resolve(values.data ?? join(BUILT, 'data'));

await setUp({ build: false });
mkdirSync(data, { recursive: true });
const told = toldToEnd();
/** @type {() => void} */
let quit = () => undefined;
/** @type {Promise<undefined>} */
const hasQuit = new Promise((done) => (quit = () => done(undefined)));

const server = await startServer(port, join(data, 'server'));
const { electron, why } = chooseShell({
  electron: findElectron(),
  platform: process.platform,
  root: process.getuid?.() === 0,
  env: process.env,
});
const early = await Promise.race([server.ready, told]);
/** @type {EndApp} */
let endApp = async () => undefined;
if (early === false) {
  process.exitCode = 1;
  quit();
} else if (early === true) {
  say(why);
  const args = ['--server', `127.0.0.1:${port}`, '--data', join(data, 'app')];
  endApp = await (electron === undefined ? startInBrowser(args) : startInWindow(electron, args, quit));
}
const signal = await Promise.race([told, hasQuit]);
// At a terminal Ctrl-C has reached the app already, and a second signal would cut its end short.
await endApp(signal === 'SIGINT' && process.stdin.isTTY ? undefined : (signal ?? 'SIGTERM'));
await server.end();
