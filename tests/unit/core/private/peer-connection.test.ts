import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type PeerConnectionEnd,
  type PeerHello,
  PeerConnection,
} from '../../../../src/core/private/transport/peer-connection.ts';
import { helloProof, oneTimeSecret, type PeerRole } from '../../../../src/core/private/signaling/introduction.ts';
import { toBase64, utf8 } from '../../../../src/core/private/bytes.ts';
import {
  IncomingMessages,
  OutgoingMessages,
  type PeerMessage,
} from '../../../../src/core/private/session/message-window.ts';
import type { PeerLine } from '../../../../src/core/private/transport/peer-protocol.ts';
import { MessageExchange } from '../../../../src/core/private/session/message-exchange.ts';
import { nodePeerCrypto as crypto } from '../../../../src/node/peer/identity-crypto.ts';
import { PeerClock } from '../../../support/peer-clock.ts';
import { linkPair, type MemoryLink } from '../../../support/peer-network.ts';

const sid = '019363a0-0000-7000-8000-000000000001';
const id = (number: number): string => `019363a0-0000-7000-8000-${String(number).padStart(12, '0')}`;

interface Facts {
  readonly sid?: string;
  readonly round?: number;
  readonly nonce?: number;
  readonly exporter?: Uint8Array;
}

function hello(role: PeerRole, { sid: session = sid, round = 1, nonce = 1, exporter: fixed }: Facts = {}): PeerHello {
  const introduced = {
    sid: session,
    initiatorKey: 'initiator key',
    responderKey: 'responder key',
    initiatorNonce: toBase64(new Uint8Array(32).fill(nonce)),
    responderNonce: toBase64(new Uint8Array(32).fill(2)),
  };
  const secret = oneTimeSecret(introduced, round, crypto);
  const other = role === 'initiator' ? 'responder' : 'initiator';
  return {
    sid: session,
    role,
    ownProof: (exporter) => helloProof(introduced, secret, role, fixed ?? exporter, crypto),
    peerProof: (exporter) => helloProof(introduced, secret, other, exporter, crypto),
  };
}

/** One side of a connection, with its received lines and callbacks. */
class Side {
  readonly lines: PeerLine[] = [];
  readonly seen: string[] = [];
  end: PeerConnectionEnd | undefined;
  readonly connection: PeerConnection;

  constructor(
    readonly link: MemoryLink,
    facts: PeerHello,
    clock: PeerClock,
    autoChoose = true,
  ) {
    this.connection = new PeerConnection(link, facts, clock, {
      proven: () => {
        this.seen.push('proven');
        if (autoChoose) this.connection.choose();
      },
      chosen: () => {
        this.seen.push('chosen');
        this.collect();
      },
      closed: (end) => (this.end = end),
    });
  }

  /** Collects the lines of the connection, also after it was handed to an exchange. */
  collect(): void {
    this.connection.handOver({
      line: (line) => this.lines.push(line),
      writable: () => this.seen.push('writable'),
    });
  }
}

let clock: PeerClock;
let initiatorLink: MemoryLink;
let responderLink: MemoryLink;
beforeEach(() => {
  clock = new PeerClock();
  [initiatorLink, responderLink] = linkPair(clock, { kind: 'direct', address: '8.8.8.8' });
});

const both = (autoChoose = true): [Side, Side] => [
  new Side(initiatorLink, hello('initiator'), clock, autoChoose),
  new Side(responderLink, hello('responder'), clock),
];
const line = (method: string, params: object): Uint8Array =>
  utf8(`${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`);

describe('PeerConnection before the choice [ASIDE-PEER-5-6]', () => {
  it('exchanges the first lines, then the choice, then messages', async () => {
    const [initiator, responder] = both();
    await clock.advance(10);
    expect([initiator.seen, responder.seen]).toEqual([
      ['proven', 'chosen'],
      ['proven', 'chosen'],
    ]);
    responder.connection.send('peer.typing', { typing: true });
    await clock.advance(5);
    expect(initiator.lines).toEqual([{ method: 'peer.typing', params: { typing: true } }]);
  });

  it("sends only its first line before the peer's and nothing more before the choice", async () => {
    const side = new Side(initiatorLink, hello('initiator'), clock);
    side.connection.choose();
    side.connection.send('peer.message', { id: id(1), text: 'early', at: 1 });
    await clock.advance(1_000);
    expect(initiatorLink.sent).toHaveLength(1);
    expect(initiatorLink.sent[0]).toContain('"peer.hello"');
    const [, responder] = [side, new Side(responderLink, hello('responder'), clock)];
    responder.connection.send('peer.typing', { typing: true });
    await clock.advance(0);
    expect(responderLink.sent).toHaveLength(1);
  });

  it.each<[string, Facts]>([
    ['of another session', { sid: id(9) }],
    ['of another request', { nonce: 3 }],
    ['of a used round', { round: 2 }],
    ['recorded on another connection', { exporter: new Uint8Array(32).fill(5) }],
  ])('refuses a proof %s, and passes on no line', async (_what, facts) => {
    const initiator = new Side(initiatorLink, hello('initiator', facts), clock);
    const responder = new Side(responderLink, hello('responder'), clock);
    await clock.advance(100);
    expect(responder.end).toEqual({ kind: 'authentication' });
    expect(responder.seen).toEqual([]);
    expect(initiator.lines).toEqual([]);
  });

  it('refuses its own proof, mirrored', async () => {
    const side = new Side(initiatorLink, hello('initiator'), clock);
    responderLink.open({
      bytes: (chunk) => initiatorLink.receive(chunk.slice()),
      drained: () => undefined,
      closed: () => undefined,
    });
    await clock.advance(100);
    expect(side.end).toEqual({ kind: 'authentication' });
  });

  it.each([
    ['a message', line('peer.message', { id: id(1), text: 'early', at: 1 })],
    ['an unknown notification', line('peer.later', {})],
    ['no JSON', utf8('hello?\n')],
    ['an endless line', new Uint8Array(PRIVATE_LIMITS.helloBytes + 1).fill(0x61)],
  ])('refuses %s instead of the first line', async (_what, bytes) => {
    const side = new Side(initiatorLink, hello('initiator'), clock);
    await clock.advance(1);
    initiatorLink.receive(bytes);
    expect(side.end).toEqual({ kind: 'authentication' });
    expect(side.lines).toEqual([]);
  });

  it('passes on messages in the packet of the first line only after proof and choice', async () => {
    const responder = new Side(responderLink, hello('responder'), clock);
    await clock.advance(1);
    const proof = toBase64(hello('initiator').ownProof(responderLink.exporter));
    const right = line('peer.hello', { sid, proof });
    responderLink.receive(
      Buffer.concat([
        right,
        line('peer.choose', {}),
        line('peer.message', { id: id(1), text: 'x'.repeat(8_000), at: 1 }),
      ]),
    );
    expect(responder.lines).toHaveLength(1);
    const [, other] = linkPair(clock, { kind: 'relayed' });
    const early = new Side(other, hello('responder'), clock);
    await clock.advance(1);
    const otherProof = toBase64(hello('initiator').ownProof(other.exporter));
    other.receive(
      Buffer.concat([
        line('peer.hello', { sid, proof: otherProof }),
        line('peer.message', { id: id(1), text: 'unchosen', at: 1 }),
      ]),
    );
    expect(early.lines).toEqual([]);
    expect(early.end).toEqual({ kind: 'protocol' });
  });

  it('has a deadline for the first line and the choice', async () => {
    const [initiator, responder] = both(false);
    await clock.advance(PRIVATE_LIMITS.handshakeMs - 1);
    expect(responder.end).toBeUndefined();
    await clock.advance(10);
    expect([initiator.end, responder.end]).toEqual([{ kind: 'lost' }, { kind: 'lost' }]);
    expect(clock.pending).toBe(0);
  });
});

describe('Open PeerConnection [ASIDE-PEER-6-1]', () => {
  let initiator: Side;
  let responder: Side;
  beforeEach(async () => {
    [initiator, responder] = both();
    await clock.advance(10);
  });

  it.each([
    ['a second hello', line('peer.hello', { sid, proof: toBase64(new Uint8Array(32)) })],
    ['an unknown member', line('peer.typing', { typing: true, more: 1 })],
    ['a text that is too long', line('peer.message', { id: id(1), text: 'é'.repeat(4_097), at: 1 })],
    ['a time after the year 9999', line('peer.message', { id: id(1), text: 'x', at: Number.MAX_SAFE_INTEGER })],
    ['an empty text', line('peer.message', { id: id(1), text: '', at: 1 })],
    [
      'a lone surrogate',
      utf8(
        '{"jsonrpc":"2.0","method":"peer.message","params":{"id":"019363a0-0000-7000-8000-000000000001","text":"\\ud800","at":1}}\n',
      ),
    ],
    ['invalid UTF-8', new Uint8Array([0xff, 0x0a])],
    ['an endless line', new Uint8Array(70_000).fill(0x61)],
  ])('ends at %s, with a goodbye', async (_what, bytes) => {
    responderLink.receive(bytes);
    expect(responder.end).toEqual({ kind: 'protocol' });
    expect(responder.lines).toEqual([]);
    expect(responderLink.sent.at(-1)).toContain('"reason":"protocol"');
    await clock.advance(5);
    expect(initiator.end).toEqual({ kind: 'bye', reason: 'protocol' });
  });

  it('ignores the methods of a newer version', () => {
    responderLink.receive(line('peer.reaction', { to: id(1), with: '👍' }));
    expect(responder.end).toBeUndefined();
  });

  it('stays open by pings, and detects a silent peer within 10 s [ASIDE-PEER-6-4]', async () => {
    await clock.advance(120_000);
    expect([initiator.end, responder.end]).toEqual([undefined, undefined]);
    initiatorLink.pause();
    await clock.advance(10_000);
    expect(initiator.end).toEqual({ kind: 'lost' });
  });

  it('slows a flood of lines down, then ends, in bounded memory and time [ASIDE-PEER-6-5]', async () => {
    const flood = Buffer.concat(Array.from({ length: 400 }, () => line('peer.typing', { typing: true })));
    let taken = 0;
    for (let chunk = 0; chunk < 2_000 && responder.end === undefined; chunk++) {
      if (!responderLink.paused) {
        responderLink.receive(flood);
        taken++;
      }
      await clock.advance(10);
    }
    expect(responder.end).toEqual({ kind: 'too-fast' });
    expect(taken * 400).toBeLessThan(PRIVATE_LIMITS.lineBurst + 20 * PRIVATE_LIMITS.linesPerSecond);
  });

  it('ends within one chunk of 10,000 lines', () => {
    responderLink.receive(Buffer.concat(Array.from({ length: 10_000 }, () => line('peer.ping', {}))));
    expect(responder.end).toEqual({ kind: 'too-fast' });
  });

  it('slows endless long texts down without ending a client that keeps to its rate', async () => {
    for (let second = 0; second < 60; second++) {
      for (let message = 0; message < PRIVATE_LIMITS.ownLinesPerSecond / 9; message++) {
        initiator.connection.send('peer.message', { id: id(second * 100 + message), text: 'x'.repeat(8_192), at: 1 });
      }
      await clock.advance(1_000);
    }
    expect(responder.end).toBeUndefined();
    expect(responder.lines.length).toBeGreaterThan(700);
  });
});

describe('MessageExchange with random losses [ASIDE-PEER-6-3]', () => {
  it('neither loses nor repeats a message, keeps the order, and completes when the path holds', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('say' as const) },
        { weight: 6, arbitrary: fc.constant('carry' as const) },
        { weight: 4, arbitrary: fc.constant('confirm' as const) },
        { weight: 4, arbitrary: fc.constant('carryBack' as const) },
        { weight: 2, arbitrary: fc.constant('cut' as const) },
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (plan) => {
        const [outgoing, incoming] = [new OutgoingMessages(), new IncomingMessages()];
        let [there, back]: [PeerMessage[], number[]] = [[], []];
        const [said, shown, delivered]: [string[], string[], string[]] = [[], [], []];
        const pump = (): void => {
          for (let next = outgoing.next(); next !== undefined; next = outgoing.next()) there.push(next);
          expect(there.length).toBeLessThanOrEqual(PRIVATE_LIMITS.windowMessages);
        };
        const carry = (): void => {
          const message = there.shift();
          if (message !== undefined && incoming.receive(message.id)) shown.push(message.text);
        };
        const carryBack = (): void => {
          const through = back.shift();
          if (through === undefined) return;
          const confirmed = outgoing.confirm(through);
          expect(confirmed).toBeDefined();
          delivered.push(...(confirmed ?? []).map(({ text }) => text));
          pump();
        };
        for (const step of plan) {
          if (step === 'say') {
            const text = `${said.length}`;
            if (outgoing.add({ id: id(said.length), text, at: 0 })) said.push(text);
            pump();
          } else if (step === 'carry') carry();
          else if (step === 'confirm') back.push(incoming.confirmAll());
          else if (step === 'carryBack') carryBack();
          else {
            [there, back] = [[], []];
            outgoing.restart();
            incoming.restart();
            pump();
          }
          // A delivered message was always shown before.
          expect(delivered).toEqual(shown.slice(0, delivered.length));
          expect(shown).toEqual(said.slice(0, shown.length));
        }
        for (let round = 0; round < said.length + 2 && delivered.length < said.length; round++) {
          while (there.length > 0) carry();
          back.push(incoming.confirmAll());
          while (back.length > 0) carryBack();
        }
        expect(shown).toEqual(said);
        expect(delivered).toEqual(said);
        expect(outgoing.unconfirmed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('confirms at the latest 50 ms or 64 messages after, and has at most 64 unconfirmed [ASIDE-PEER-6-2]', async () => {
    const [initiator, responder] = both();
    await clock.advance(10);
    const silent = { message: () => undefined, delivered: () => undefined, typing: () => undefined };
    const handler = { ...silent, peerKeepChanged: () => undefined, protocolError: () => undefined };
    const [from, to] = [new MessageExchange(clock, handler), new MessageExchange(clock, handler)];
    from.attach(initiator.connection);
    to.attach(responder.connection);
    initiator.collect();
    responder.collect();
    for (let number = 0; number < 100; number++) from.say({ id: id(number), text: 'x', at: 1 });
    await clock.advance(5);
    expect(responder.lines).toHaveLength(64);
    for (const message of responder.lines.slice(0, 63)) to.line(message);
    await clock.advance(49);
    const confirms = (): unknown[] => initiator.lines.map(({ params }) => params);
    expect(confirms()).toEqual([]);
    await clock.advance(5);
    expect(confirms()).toEqual([{ through: 63 }]);
    for (let number = 0; number < 64; number++)
      to.line({ method: 'peer.message', params: { id: id(500 + number), text: 'x', at: 1 } });
    await clock.advance(1);
    expect(confirms()).toEqual([{ through: 63 }, { through: 127 }]);
  });

  it('bounds the waiting messages and the remembered ids', () => {
    const outgoing = new OutgoingMessages();
    let taken = 0;
    while (outgoing.add({ id: id(taken), text: 'x', at: 0 })) taken++;
    expect(taken).toBe(PRIVATE_LIMITS.messagesWaiting);
    const incoming = new IncomingMessages();
    for (let number = 0; number <= PRIVATE_LIMITS.idsRemembered; number++) incoming.receive(id(number));
    expect(incoming.receive(id(0))).toBe(true);
    expect(incoming.receive(id(PRIVATE_LIMITS.idsRemembered))).toBe(false);
  });

  it('detects a confirmation of messages that were never sent', () => {
    const outgoing = new OutgoingMessages();
    outgoing.add({ id: id(1), text: 'x', at: 0 });
    outgoing.next();
    expect(outgoing.confirm(2)).toBeUndefined();
    expect(outgoing.confirm(1)).toHaveLength(1);
    expect(outgoing.confirm(1)).toEqual([]);
  });
});
