// Starts the server, unless one answers already, and then the app: in its own window where that is possible, else in a
// browser. Ends both together. Used by scripts/start.mjs; also by itself: node scripts/start-app.mjs [server's arguments].
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, run, say } from './setup.mjs';

const DEFAULTS = ['12000', '120', '0'];
const READY_MS = 20_000;
const POLL_MS = 100;
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
 * @param {number} port
 * @param {() => boolean} ended
 */
async function untilAnswers(port, ended) {
  const deadline = Date.now() + READY_MS;
  while (!ended() && Date.now() < deadline) {
    if (await answers(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/**
 * @param {number} port of the server that a first start offers
 * @returns {Promise<number>} the app's exit code
 */
async function runApp(port) {
  const { electron, why } = chooseShell({
    electron: findElectron(),
    platform: process.platform,
    root: process.getuid?.() === 0,
    env: process.env,
  });
  say(why);
  const [program, entry] = electron === undefined ? [process.execPath, 'browser'] : [electron, 'main'];
  const args = [join(ROOT, 'dist', entry, 'index.js'), '--server', `127.0.0.1:${port}`];
  return await run(program, args, { cwd: process.cwd() });
}

/**
 * Starts what is missing of server and app, and waits for the app's end, which is the server's too where it was started
 * here. A server that ends first leaves the app running: it says so itself, and goes on when the server is back.
 * @param {readonly string[]} args the server's
 * @returns {Promise<number>} an exit code
 */
export async function startServerAndApp(args) {
  const port = Number(args[0]);
  if (await answers(port)) {
    say(`A server answers at 127.0.0.1:${port} already; the app uses that one.`);
    return await runApp(port);
  }
  say(`Starting the server: node server/dist/index.js ${args.join(' ')}`);
  const stop = new AbortController();
  /** @type {number | undefined} */
  let serverCode;
  const server = run(process.execPath, [join(ROOT, 'server', 'dist', 'index.js'), ...args], {
    cwd: process.cwd(),
    // The terminal's input belongs to the app.
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: stop.signal,
  }).then(
    (code) => (serverCode = code),
    // Stopped here, on purpose.
    () => (serverCode = 0),
  );
  if (!(await untilAnswers(port, () => serverCode !== undefined))) {
    stop.abort();
    return (await server) || 1;
  }
  const code = await runApp(port);
  stop.abort();
  await server;
  return code;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const given = process.argv.slice(2);
  process.exitCode = await startServerAndApp(
    given.length === 0 || given[0]?.startsWith('-') ? [...DEFAULTS, ...given] : given,
  );
}
