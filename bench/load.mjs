// Puts a server under load from a process of its own: many clients, each with a number of messages under way. It looks at
// the lines no closer than it must, so that it can ask more of the server than a real crowd would.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

const PASSWORD = 'correct horse battery staple';
const TEXT =
  'It is raining here, and the kettle is on. Bring the small table when you come, and something to read. '.slice(
    0,
    100,
  );
const NEW_MESSAGE = '"method":"message.new"';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const identityKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** @typedef {{ port: number, certificate: string | undefined }} Target */

class Client {
  answered = 0;
  sending = false;
  leaving = false;
  /** Times at which what is under way was sent, by request id. @type {Map<string, number>} */
  underway = new Map();
  #rest = '';
  #out = '';
  #received = 0;
  #nextId = 0;
  /** @type {Map<string, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  #requests = new Map();

  /** @param {string} name @param {net.Socket} socket @param {Load} load */
  constructor(name, socket, load) {
    this.name = name;
    this.to = '';
    this.socket = socket;
    this.load = load;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (/** @type {string} */ text) => this.#read(text));
    socket.on('error', (error) => load.fail(error));
    socket.on('close', () => this.leaving || load.fail(new Error(`${name} was disconnected`)));
  }

  /** @param {string} method @param {object} params @returns {Promise<unknown>} the result */
  request(method, params) {
    const id = `r${this.#nextId++}`;
    this.socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve, reject) => this.#requests.set(id, { resolve, reject }));
  }

  register() {
    const device = { id: randomUUID(), name: 'load', identityKey };
    return this.request('account.register', { username: this.name, password: PASSWORD, device });
  }

  /** @param {number} messages to have under way at a time */
  start(messages) {
    this.sending = true;
    for (let i = 0; i < messages; i++) this.#send();
    this.#flush();
  }

  #send() {
    const id = String(this.#nextId++);
    this.underway.set(id, performance.now());
    this.#out += `{"jsonrpc":"2.0","id":"${id}","method":"message.send","params":{"id":"${randomUUID()}","to":"${this.to}","text":"${TEXT}"}}\n`;
  }

  #flush() {
    if (this.#out !== '') this.socket.write(this.#out);
    this.#out = '';
  }

  /** @param {string} text */
  #read(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const before = this.#received;
    for (const line of lines) {
      if (line.includes(NEW_MESSAGE)) this.#received++;
      else this.#other(line);
    }
    if (this.#received > before) {
      this.#out += `{"jsonrpc":"2.0","method":"message.confirm","params":{"through":${this.#received}}}\n`;
    }
    this.#flush();
  }

  /** @param {string} line */
  #other(line) {
    const message = JSON.parse(line);
    const request = this.#requests.get(message.id);
    const sentAt = this.underway.get(message.id);
    if (request) {
      this.#requests.delete(message.id);
      if (message.error) request.reject(new Error(JSON.stringify(message.error)));
      else request.resolve(message.result);
    } else if (sentAt !== undefined) {
      this.underway.delete(message.id);
      if (message.result?.status !== this.load.expected)
        this.load.fail(new Error(`instead of ${this.load.expected}: ${line}`));
      this.load.count(performance.now() - sentAt);
      if (this.sending) this.#send();
      else if (this.underway.size === 0) this.load.idle();
    } else if (message.error) {
      this.load.fail(new Error(line));
    }
  }
}

class Load {
  /** @type {Client[]} */
  clients = [];
  /** The state that every message must reach. */
  expected = 'delivered';
  #messages = 0;
  /** @type {number[]} */
  #latencies = [];
  #whenIdle = () => {};

  /** @param {Error} error */
  fail(error) {
    process.stderr.write(`The load failed: ${error.message}\n`);
    process.exit(1);
  }

  /** @param {number} ms */
  count(ms) {
    if (this.#messages++ % 16 === 0) this.#latencies.push(ms);
  }

  idle() {
    if (this.clients.every((client) => client.underway.size === 0)) this.#whenIdle();
  }

  /** @param {Target & { count: number, away: number }} target */
  async connect({ port, certificate, count, away }) {
    const target = { port, certificate };
    for (let i = 0; i < count; i++) this.clients.push(await this.#arrive(`client${i}`, target));
    await Promise.all(this.clients.map((client) => client.register()));
    for (const [i, client] of this.clients.entries()) client.to = `client${i ^ 1}`;
    for (let i = 0; i < away; i++) {
      const client = await this.#arrive(`away${i}`, target);
      await client.register();
      client.leaving = true;
      await client.request('session.signOut', {});
      client.socket.destroy();
    }
  }

  /** @param {string} name @param {Target} target */
  async #arrive(name, { port, certificate }) {
    const where = { host: '127.0.0.1', port };
    const socket = certificate
      ? tls.connect({ ...where, ca: certificate, ALPNProtocols: ['aside/1'], checkServerIdentity: () => undefined })
      : net.connect(where);
    await once(socket, certificate ? 'secureConnect' : 'connect');
    return new Client(name, socket, this);
  }

  /** @param {{ underway: number, away: number }} how */
  start({ underway, away }) {
    this.expected = away > 0 ? 'stored' : 'delivered';
    for (const [i, client] of this.clients.entries()) {
      client.to = away > 0 ? `away${i % away}` : `client${i ^ 1}`;
      client.start(underway);
    }
  }

  /** Messages answered since the last time this was asked, and how long their answers took. */
  take() {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const messages = this.#messages;
    this.#messages = 0;
    this.#latencies = [];
    return { messages, p50: sorted[sorted.length >> 1] ?? 0, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
  }

  /** Sends nothing more, and waits for the answers that are still to come. */
  async stop() {
    const idle = new Promise((resolve) => {
      this.#whenIdle = () => resolve(undefined);
    });
    for (const client of this.clients) client.sending = false;
    this.idle();
    await idle;
  }
}

const load = new Load();

/** @param {any} order @returns {Promise<object> | object} */
function obey(order) {
  switch (order.kind) {
    case 'connect':
      return load.connect(order).then(() => ({}));
    case 'start':
      load.start(order);
      return {};
    case 'take':
      return load.take();
    case 'stop':
      return load.stop().then(() => ({}));
    default:
      throw new Error(`no such order: ${order.kind}`);
  }
}

process.on('message', (order) => {
  Promise.resolve(obey(order)).then(
    (answer) => process.send?.(answer),
    (error) => load.fail(error),
  );
});
process.on('disconnect', () => process.exit(0));
