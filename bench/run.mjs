// Measures the processor time of the server for a message, beside a bare relay, and the rate at which it stores messages.
// Usage: npm run bench -- [--rounds 5] [--seconds 3] [--clients 200] [--underway 8]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SERVER = fileURLToPath(new URL('../server/dist/index.js', import.meta.url));
const RELAY = fileURLToPath(new URL('relay.mjs', import.meta.url));
const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));
const READY = { relay: 'ready', server: 'Waiting for connection request' };
const WARM_UP_MS = 1_000;
const AWAY = 100;
const AIM_RATIO = 1.5;
const AIM_STORED = 10_000;
/** Unit of processor time in /proc (USER_HZ, the same on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '200' },
    underway: { type: 'string', default: '8' },
  },
});
const [rounds = 5, seconds = 3, clients = 200, underway = 8] = [
  values.rounds,
  values.seconds,
  values.clients,
  values.underway,
].map(Number);

/** @typedef {{ messages: number, p50: number, p99: number }} Taken */
/** @typedef {{ perSecond: number, cpu: number, p50: number, p99: number }} Round CPU in microseconds for each message */

/** Processes and connections to end before this program ends. @type {(() => void)[]} */
const cleanUps = [];
process.on('exit', () => {
  for (const cleanUp of cleanUps) cleanUp();
});

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  return port;
}

/** @param {'relay' | 'server'} kind @param {string[]} args @returns {Promise<number>} its process id */
async function start(kind, args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  child.once('exit', (code) => {
    process.stderr.write(`The ${kind} ended (${code}).\n`);
    process.exit(1);
  });
  let said = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    if (said.includes(READY[kind])) break;
  }
  child.stdout.resume();
  return child.pid ?? 0;
}

/** @param {number} pid @returns {number} seconds of CPU time, all threads, user and system */
function cpuSeconds(pid) {
  // The name of the program, in brackets, may hold spaces: count from behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

class Contestant {
  /** @type {Round[]} */
  rounds = [];
  #load = fork(LOAD);

  /** @param {number} pid of the server under load */
  constructor(pid) {
    this.pid = pid;
    cleanUps.push(() => this.#load.kill('SIGKILL'));
    this.#load.once('exit', () => process.exit(1));
  }

  /** @param {object} order @returns {Promise<any>} */
  async #order(order) {
    this.#load.send(order);
    const [answer] = await once(this.#load, 'message');
    return answer;
  }

  /** @param {number} port @param {string | undefined} certificate @param {number} away */
  async connect(port, certificate, away) {
    await this.#order({ kind: 'connect', port, certificate, count: clients, away });
  }

  /** @param {number} away people to write to who are not there; 0: to each other @returns {Promise<Round>} */
  async round(away = 0) {
    await this.#order({ kind: 'start', underway, away });
    await delay(WARM_UP_MS);
    await this.#order({ kind: 'take' });
    const [cpuBefore, before] = [cpuSeconds(this.pid), performance.now()];
    await delay(seconds * 1_000);
    /** @type {Taken} */
    const { messages, p50, p99 } = await this.#order({ kind: 'take' });
    const elapsed = (performance.now() - before) / 1_000;
    const cpu = ((cpuSeconds(this.pid) - cpuBefore) / messages) * 1_000_000;
    await this.#order({ kind: 'stop' });
    return { perSecond: messages / elapsed, cpu, p50, p99 };
  }
}

/** @param {number[]} numbers */
function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** @param {string} name @param {Round[]} results @param {string} note */
function report(name, results, note) {
  const of = (/** @type {keyof Round} */ key) => median(results.map((round) => round[key]));
  const cpus = results.map(({ cpu }) => cpu);
  const cpu = `${of('cpu').toFixed(1)} µs`.padStart(9);
  const spread = `(${Math.min(...cpus).toFixed(1)}-${Math.max(...cpus).toFixed(1)})`.padEnd(14);
  const rate = `${Math.round(of('perSecond')).toLocaleString('en')}/s`.padStart(10);
  const wait = `${of('p50').toFixed(1)} / ${of('p99').toFixed(1)} ms`.padStart(18);
  process.stdout.write(`${name.padEnd(24)}${cpu} ${spread}${rate}${wait}  ${note}\n`);
}

/** @param {boolean} plaintext */
async function compare(plaintext) {
  const data = mkdtempSync(join(tmpdir(), 'aside-bench-'));
  cleanUps.push(() => rmSync(data, { recursive: true, force: true }));
  const [serverPort, relayPort] = [await freePort(), await freePort()];
  const options = ['--host', '127.0.0.1', '--data', data, '--message-rate', '0', '--log-level', 'warn'];
  if (plaintext) options.push('--plaintext');
  const server = new Contestant(await start('server', [SERVER, String(serverPort), '120', '0', ...options]));
  const files = [join(data, 'server-key.pem'), join(data, 'server-certificate.pem')];
  const relay = new Contestant(await start('relay', [RELAY, String(relayPort), ...(plaintext ? [] : files)]));
  const certificate = plaintext ? undefined : readFileSync(files[1] ?? '', 'utf8');
  await relay.connect(relayPort, certificate, 0);
  await server.connect(serverPort, certificate, AWAY);

  // By turns, so that whatever else the machine does meets both alike. The first ones only warm up.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of [relay, server]) {
      const result = await contestant.round();
      if (round > 0) contestant.rounds.push(result);
    }
  }
  const name = plaintext ? 'plaintext' : 'TLS 1.3';
  const cpu = (/** @type {Contestant} */ { rounds: results }) => median(results.map((round) => round.cpu));
  report(`${name}, bare relay`, relay.rounds, '');
  report(
    `${name}, server`,
    server.rounds,
    `${(cpu(server) / cpu(relay)).toFixed(2)} times the relay (aim: ${AIM_RATIO})`,
  );

  /** @type {Round[]} */
  const stored = [];
  for (let round = 0; round < Math.min(rounds, 3); round++) stored.push(await server.round(AWAY));
  report(`${name}, stored`, stored, `(aim: ${AIM_STORED.toLocaleString('en')}/s)`);
}

if (!existsSync('/proc/self/stat')) {
  process.stderr.write('The benchmark reads CPU times from /proc, which only Linux has.\n');
  process.exit(1);
}
const [busy = 0] = loadavg();
if (busy > cpus().length / 4) {
  process.stdout.write(
    `This machine has other work (load ${busy.toFixed(1)}): the rates and waits below are worse than its own.\n`,
  );
}
process.stdout.write(
  `${clients} clients, each with ${underway} messages of 100 bytes under way; median of ${rounds} rounds of ${seconds} s.\n` +
    'A message counts when its sender has the answer: delivered and confirmed, or stored and synced.\n\n' +
    `${''.padEnd(24)}${'server CPU a message'.padEnd(24)}${'messages'.padStart(10)}${'answer p50 / p99'.padStart(18)}\n`,
);
await compare(true);
await compare(false);
process.exit(0);
