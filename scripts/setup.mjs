// Prepares the work of every command: checks the version of Node, installs the packages, builds the programs.
// This file imports no package, so that it runs in a fresh clone. Its messages go to standard error.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, with the separator of the machine and none at the end. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK_FILE = join(ROOT, 'build', 'setup.lock');
const LOCK_WAIT_MS = 300_000;
const LOCK_POLL_MS = 250;
/** Interval at which a script checks that its parent process still runs. */
const PARENT_POLL_MS = 100;
/** Signals that end a program; scripts pass them on to their children. */
export const PASSED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Files that a build writes. `SOURCES` are the files that it reads. */
const OUTPUTS = [
  'server/dist/index.js',
  'server/dist/store-worker.js',
  'out/terminal/index.js',
  'out/browser/index.js',
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];
const SOURCES = [
  'src',
  'server/src',
  'scripts/build.mjs',
  'scripts/build-app.mjs',
  'scripts/bundle.mjs',
  'scripts/licences.mjs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} a sentence for people where this Node is too old
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Aside needs Node 20.19 or newer, and this is Node ${version}. Install a newer one from https://nodejs.org.`;
}

/**
 * Newest change in a file or, with everything below it, a folder. A folder's own time tells of removed files.
 * @param {string} path
 * @returns {number} milliseconds since 1970 UTC; 0 where there is nothing
 */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), found.mtimeMs);
}

/** @param {string} root the project's folder */
export function needsInstall(root) {
  const installed = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  return !installed || installed.mtimeMs < newest(join(root, 'package-lock.json'));
}

/** @param {string} root the project's folder */
export function needsBuild(root) {
  const built = OUTPUTS.map((file) => newest(join(root, file)));
  return Math.min(...built) < Math.max(...SOURCES.map((path) => newest(join(root, path))));
}

/**
 * Runs a program and waits for it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 and the signal's number where a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    const stop = passSignals(child);
    child.on('error', (error) => {
      stop();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      stop();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * npm that receives a signal ends the shell between npm and this script, and passes no signal on: the loss of the parent
 * process therefore counts as a signal.
 * @param {() => void} call once, when the parent is gone
 * @returns {() => void} stops looking
 */
export function whenParentGoes(call) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    call();
  }, PARENT_POLL_MS);
  watch.unref();
  return () => clearInterval(watch);
}

/**
 * Hands signals on to a child, so that it ends in its own way and its exit code counts.
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignals(child) {
  let told = false;
  /** @param {NodeJS.Signals} signal */
  const tell = (signal) => {
    told = true;
    // At a terminal Ctrl-C reaches the whole group, the child too; handing it on would make it a second one.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const stopLooking = whenParentGoes(() => {
    if (!told) tell('SIGTERM');
  });
  for (const signal of PASSED_ON) process.on(signal, tell);
  return () => {
    stopLooking();
    for (const signal of PASSED_ON) process.off(signal, tell);
  };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @returns {boolean} whether the lock is ours now */
function takeLock() {
  mkdirSync(dirname(LOCK_FILE), { recursive: true });
  try {
    const file = openSync(LOCK_FILE, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const holder = existsSync(LOCK_FILE) ? Number(readFileSync(LOCK_FILE, 'utf8')) : 0;
  const age = Date.now() - newest(LOCK_FILE);
  if (holder > 0 ? !isAlive(holder) : age > 5_000) rmSync(LOCK_FILE, { force: true });
  return false;
}

/**
 * One set-up at a time: `npm start` in one terminal and `npm run client` in the next must not install both.
 * @param {() => Promise<void>} work
 */
async function alone(work) {
  const deadline = Date.now() + LOCK_WAIT_MS;
  let told = false;
  while (!takeLock()) {
    if (Date.now() > deadline) throw new Error(`Another set-up does not end. If there is none, remove ${LOCK_FILE}.`);
    if (!told) say('Another terminal is setting Aside up; waiting for it …');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    await work();
  } finally {
    rmSync(LOCK_FILE, { force: true });
  }
}

/**
 * Installs and builds what is missing or out of date, saying so. Ends the process with a sentence where it can't.
 * @param {{ build: boolean }} what
 */
export async function setUp({ build }) {
  const problem = nodeProblem(process.versions.node);
  if (problem) {
    say(problem);
    process.exit(1);
  }
  setHooks(ROOT);
  if (!needsInstall(ROOT) && !(build && needsBuild(ROOT))) return;
  try {
    await alone(async () => {
      if (needsInstall(ROOT)) await install();
      if (build && needsBuild(ROOT)) await buildPrograms();
    });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/**
 * Switches the hooks of Git on, unless the clone has its own. CI and a copy without Git have no use for them.
 * @param {string} root the project's folder
 */
export function setHooks(root) {
  if (process.env.CI || !existsSync(join(root, '.git'))) return;
  /** @param {string[]} args */
  const git = (...args) => spawnSync('git', ['-C', root, 'config', ...args], { stdio: 'ignore' }).status;
  // Status 1: the setting is absent. Without Git the status is null.
  if (git('--get', 'core.hooksPath') === 1) git('core.hooksPath', '.githooks');
}

async function install() {
  say('Installing the packages that Aside needs (once, under a minute on most networks) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  // Its output goes to standard error: standard output belongs to the program that follows.
  const stdio = /** @type {const} */ (['ignore', 2, 2]);
  const code = npm
    ? await run(process.execPath, [npm, ...args], { stdio: [...stdio] })
    : await run('npm', args, { stdio: [...stdio], shell: process.platform === 'win32' });
  if (code !== 0) throw new Error('npm ci failed (see above). Check the network, then try again.');
}

async function buildPrograms() {
  say('Building …');
  const code = await run(process.execPath, [join('scripts', 'build.mjs')], { stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new Error('The build failed (see above).');
}
