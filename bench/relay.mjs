// The least a server could do, to measure against: reads JSON lines, passes messages on to the addressee, and answers the
// sender when the addressee confirms. No checks, no limits, no accounts, nothing kept. It says the least of the same
// protocol that the load needs, and gathers what it writes to a connection in one turn of the loop, as ours does.
// Arguments: port, and the files of key and certificate for TLS.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const [port, keyFile, certificateFile] = process.argv.slice(2);

/** @typedef {{ socket: net.Socket, rest: string, out: string, sent: number, unconfirmed: { from: Peer, id: string }[] }} Peer */

/** @type {Map<string, Peer>} */
const people = new Map();
/** @type {Peer[]} */
let written = [];

/** @param {Peer} peer @param {string} line */
function write(peer, line) {
  if (peer.out === '') {
    if (written.length === 0) setImmediate(flush);
    written.push(peer);
  }
  peer.out += line;
}

function flush() {
  for (const peer of written) {
    peer.socket.write(peer.out);
    peer.out = '';
  }
  written = [];
}

/** @param {Peer} peer @param {any} message */
function handle(peer, { id, method, params }) {
  if (method === 'message.send') {
    const to = people.get(params.to);
    if (!to) return;
    to.unconfirmed.push({ from: peer, id });
    const n = ++to.sent;
    const passedOn = { n, id: params.id, from: params.to, text: params.text, at: Date.now(), stored: false };
    write(to, `${JSON.stringify({ jsonrpc: '2.0', method: 'message.new', params: passedOn })}\n`);
  } else if (method === 'message.confirm') {
    const first = peer.sent - peer.unconfirmed.length;
    for (const asked of peer.unconfirmed.splice(0, params.through - first)) {
      const result = { status: 'delivered', at: Date.now() };
      write(asked.from, `${JSON.stringify({ jsonrpc: '2.0', id: asked.id, result })}\n`);
    }
  } else if (method === 'account.register') {
    people.set(params.username, peer);
    write(peer, `${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n`);
  }
}

/** @param {net.Socket} socket */
function accept(socket) {
  /** @type {Peer} */
  const peer = { socket, rest: '', out: '', sent: 0, unconfirmed: [] };
  socket.setNoDelay(true);
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (/** @type {string} */ text) => {
    const lines = (peer.rest + text).split('\n');
    peer.rest = lines.pop() ?? '';
    for (const line of lines) handle(peer, JSON.parse(line));
  });
}

const server =
  keyFile && certificateFile
    ? tls.createServer(
        {
          key: readFileSync(keyFile),
          cert: readFileSync(certificateFile),
          minVersion: 'TLSv1.3',
          ALPNProtocols: ['aside/1'],
        },
        accept,
      )
    : net.createServer(accept);
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
