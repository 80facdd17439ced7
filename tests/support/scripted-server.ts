import type { Dialer, DialTarget, Link, LinkEnd, LinkHandler, Pin } from '../../src/core/ports.ts';
import { decodeClientLine, encodeNotification, encodeResult, type RequestId } from '../../src/shared/protocol/codec.ts';
import { encodeRefusal } from '../../src/shared/text/encode-refusal.ts';
import { Framer } from '../../src/shared/protocol/framer.ts';
import { CLIENT_PARAMS, type ClientMethod } from '../../src/shared/protocol/messages.ts';
import type { Refusal } from '../../src/shared/protocol/reasons.ts';
import type { FakeClock } from './client-fakes.ts';

/** A script's answer to a request: a result, a refusal, or `nothing` (a later answer or none). */
export type Reply = { result: object } | { refusal: Refusal } | 'nothing';
export type Script = (params: Record<string, unknown>, peer: ScriptedPeer, id: RequestId) => Reply;

const HELLO = {
  protocol: 1,
  server: { id: '018c3f5e-0000-7000-8000-000000000001', name: 'scripted', version: '0' },
  policy: { blockSeconds: 120, timeoutSeconds: 60, registration: 'open' },
  limits: { lineBytes: 65_536, textBytes: 8_192, requestsOutstanding: 64, messagesPerSecond: 0, messageBurst: 0 },
  now: 1_700_000_000_000,
};

/** The server's end of a connection. */
export class ScriptedPeer {
  readonly received: { method: ClientMethod; params: Record<string, unknown>; at: number }[] = [];
  closed = false;
  #framer: Framer;

  constructor(
    private readonly server: ScriptedServer,
    private readonly handler: LinkHandler,
  ) {
    this.#framer = new Framer(65_536, {
      line: (line) => this.#line(line),
      overflow: () => {
        throw new Error('the client sent a line that is too long');
      },
    });
  }

  /** Sends raw text; it arrives as one chunk after the latency. */
  sendRaw(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.server.clock.after(this.server.latency, () => {
      if (!this.closed) this.handler.bytes(bytes);
    });
  }

  notify(method: string, params: object): void {
    this.sendRaw(encodeNotification(method, params));
  }

  answer(id: RequestId, reply: Reply): void {
    if (reply === 'nothing') return;
    this.sendRaw('result' in reply ? encodeResult(id, reply.result) : encodeRefusal(id, reply.refusal));
  }

  /** Breaks the connection at once; lines in transit are lost. */
  cut(end: LinkEnd = { kind: 'problem', problem: { kind: 'lost' } }): void {
    if (this.closed) return;
    this.closed = true;
    this.server.clock.after(0, () => this.handler.closed(end));
  }

  /** Ends the connection after all sent lines have arrived. */
  end(): void {
    this.server.clock.after(this.server.latency, () => this.cut());
  }

  count(method: ClientMethod): number {
    return this.received.filter((line) => line.method === method).length;
  }

  /** Called by the link. */
  take(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.server.clock.after(this.server.latency, () => {
      if (!this.closed) this.#framer.push(bytes);
    });
  }

  #line(bytes: Uint8Array): void {
    const line = decodeClientLine(bytes);
    if (line.kind === 'refused') throw new Error(`protocol error of the client: ${line.reason}`);
    const params = CLIENT_PARAMS[line.method].parse(line.params) as Record<string, unknown>;
    this.received.push({ method: line.method, params, at: this.server.clock.now() });
    const script = this.server.scripts[line.method];
    if (line.kind === 'notification') script?.(params, this, '');
    else this.answer(line.id, script === undefined ? { result: {} } : script(params, this, line.id));
  }
}

/** A server in memory with scripted answers; by default every request succeeds. */
export class ScriptedServer implements Dialer {
  readonly peers: ScriptedPeer[] = [];
  readonly targets: DialTarget[] = [];
  readonly scripts: Partial<Record<ClientMethod, Script>> = {};
  latency = 1;
  hello: object | undefined = HELLO;
  /** If set, dials fail with this end. */
  refuses: LinkEnd | undefined;
  /** Certificate of the server; undefined: no TLS. */
  certificate: Pin | undefined;
  #tokens = 0;

  constructor(readonly clock: FakeClock) {
    const signedIn: Script = (params) => ({
      result: {
        username: typeof params.username === 'string' ? params.username : 'kevin',
        token: `token-${++this.#tokens}`,
        tokenExpiresAt: 2_000_000_000_000,
        waiting: 0,
        online: [],
      },
    });
    this.scripts['session.signIn'] = signedIn;
    this.scripts['session.resume'] = signedIn;
    this.scripts['account.register'] = signedIn;
    this.scripts['blacklist.list'] = () => ({ result: { users: [] } });
    this.scripts['message.send'] = () => ({ result: { status: 'delivered', at: 1 } });
    this.scripts['session.signOut'] = (_params, peer) => {
      peer.end();
      return { result: {} };
    };
  }

  /** The latest connection. */
  get peer(): ScriptedPeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error('no client has connected');
    return peer;
  }

  /** Limits that the next greeting announces. */
  limit(limits: Partial<(typeof HELLO)['limits']>): void {
    this.hello = { ...HELLO, limits: { ...HELLO.limits, ...limits } };
  }

  dial(target: DialTarget, handler: LinkHandler): Link {
    this.targets.push(target);
    const peer = new ScriptedPeer(this, handler);
    this.peers.push(peer);
    const refusal = this.refuses ?? this.#judge(target);
    this.clock.after(this.latency, () => {
      if (peer.closed) return;
      if (refusal !== undefined) {
        peer.cut(refusal);
        return;
      }
      handler.opened();
      if (this.hello !== undefined) peer.notify('hello', this.hello);
    });
    return {
      unsentBytes: 0,
      send: (text) => {
        if (!peer.closed) peer.take(text);
      },
      close: () => peer.end(),
      destroy: () => peer.cut(),
    };
  }

  #judge({ security }: DialTarget): LinkEnd | undefined {
    if (security.kind === 'plaintext' || this.certificate === undefined) return undefined;
    if (security.pin === undefined) return { kind: 'certificate-unknown', presented: this.certificate };
    if (security.pin.fingerprint === this.certificate.fingerprint) return undefined;
    return { kind: 'certificate-changed', expected: security.pin, presented: this.certificate };
  }
}
