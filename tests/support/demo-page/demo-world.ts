import { EVERYONE, conversationWith } from '../../../src/shared/client-api/conversation-id.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import type { PrivateMessage, PrivateSessionView } from '../../../src/shared/client-api/private-view.ts';
import type { Message, MessageStatus } from '../../../src/shared/client-api/view-state.ts';
import type { OnlineTimes } from '../../../src/renderer/features/details/spans.ts';
import { FakePort } from './fake-port.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const fingerprint = (step: number) =>
  Array.from({ length: 32 }, (_, place) =>
    ((place * step + 41) % 256).toString(16).padStart(2, '0').toUpperCase(),
  ).join(':');
const FINGERPRINT = fingerprint(83);
const IDENTITY = fingerprint(57);
const HERE = { host: 'chat.example.net', port: 12_000 };

const SERVER = {
  server: { id: '0190f3a1-7d7e-7c3a-9d55-0d8a6c1b2e3f', name: 'chat.example.net', version: '0.1.0' },
  policy: { blockSeconds: 120, timeoutSeconds: 600, registration: 'open' },
  limits: { lineBytes: 65_536, textBytes: 8_192, requestsOutstanding: 64, messagesPerSecond: 100, messageBurst: 500 },
} as const;

const DIGITS = '48213 90271 55018 77342 10986 34457 00913 62854 71108 29463 88017 45590';
const OPEN = { state: 'open', path: { kind: 'direct-lan', address: '192.168.1.12' }, trust: 'known' } as const;
const ended = (text: string) =>
  ({ state: 'ended', ending: { reason: 'ended', by: 'you', loud: false, text } }) as const;

/** A small demo world: users, conversations and a user who answers. */
export class DemoWorld {
  readonly port: FakePort;
  #position = 0;
  #trust: 'known' | 'verified' = 'known';

  constructor(readonly now: number) {
    this.port = new FakePort(
      {
        connection: { state: 'online', since: now - 2 * HOUR },
        username: 'kev',
        server: SERVER as never,
        fingerprint: FINGERPRINT,
        blacklist: ['darth'],
        people: [
          { username: 'hans', since: now - 83 * MINUTE },
          { username: 'kevin', since: now - 16 * MINUTE },
          { username: 'obiwan', since: now - 2 * MINUTE },
          { username: 'yoda', since: now - 90 * MINUTE },
        ],
      },
      {
        server: HERE,
        accounts: [
          { server: HERE, username: 'kev' },
          { server: { host: 'lab.example.net', port: 12_000 }, username: 'kev' },
        ],
        identity: IDENTITY,
      },
    );
    this.port.answer('presence.history', () => succeeded({ users: this.#times() as never }));
    this.port.answer('people.search', ({ prefix }) =>
      succeeded({
        users: ['leia', 'lando', 'padme']
          .filter((name) => name.startsWith(prefix))
          .map((username) => ({ username, online: false })),
      }),
    );
    this.port.answer('message.send', ({ to, text }) => {
      const message = this.say('kev', to, text, Date.now(), { state: 'queued', attempted: true });
      setTimeout(() => this.port.change(message, { state: 'delivered' }), 120);
      return succeeded({ message });
    });
    this.port.answer('session.measure', () => succeeded({ milliseconds: 12 }));
    this.port.answer('private.safetyNumber', ({ username }) =>
      username === 'hans'
        ? succeeded({ digits: DIGITS, trust: this.#trust })
        : failed('offline', { detail: 'no-connection' }),
    );
    this.port.answer('private.verify', ({ verified }) => {
      this.#trust = verified ? 'verified' : 'known';
      return succeeded({ trust: this.#trust });
    });
    this.port.answer('private.acceptIdentity', ({ username }) => {
      this.port.emit('private.identitySettled', { username });
      return succeeded({ trust: 'known' });
    });
    this.port.answer('private.ask', ({ username }) => {
      this.aside(username, { state: 'asking', expiresAt: Date.now() + 60_000 });
      return succeeded({ sid: `s-${username}` });
    });
    this.port.answer('private.answer', ({ username, accept }) => {
      this.aside(username, accept ? OPEN : ended(`You declined.`));
      return succeeded({ sid: `s-${username}` });
    });
    this.port.answer('private.end', ({ username }) => {
      this.aside(username, ended('Ended.'));
      return succeeded({ sid: `s-${username}` });
    });
    this.port.answer('private.say', ({ username, text }) => {
      const message = this.whisper(username, text, false, Date.now());
      setTimeout(() => this.port.emit('private.delivered', { sid: message.sid, username, ids: [message.id] }), 80);
      return succeeded({ message });
    });
    this.port.answer('message.broadcast', ({ text }) => {
      this.say('kev', undefined, text, Date.now(), { state: 'broadcast', recipients: 4, someBlocked: false });
      return succeeded({ recipients: 4, someBlocked: false });
    });
    this.port.answer('session.signIn', ({ password }) =>
      password === 'right password'
        ? succeeded({ username: 'kev', waiting: 0 })
        : { ok: false, failure: { reason: 'wrong-credentials', attemptsLeft: 2 } },
    );
  }

  /** Conversations as on an ordinary morning. */
  fill(): this {
    const { now } = this;
    const at = (minutes: number) => now - minutes * MINUTE;
    this.say('leia', 'kev', 'are the slides ready for Thursday?', now - 2 * DAY);
    this.say('kev', 'leia', 'nearly, I will bring them', now - 2 * DAY + 4 * MINUTE, { state: 'stored' });
    this.say('yoda', undefined, 'standup in five', at(45));
    this.say('hans', 'kev', 'the relay drops me every night, any idea?', now - DAY - 3 * HOUR);
    this.say('kev', 'hans', 'I will look at the log tomorrow', now - DAY - 3 * HOUR + MINUTE, { state: 'delivered' });
    this.say('hans', 'kev', 'morning! the relay dropped me twice last night', at(36));
    this.say('hans', 'kev', 'log says `idle_timeout` – is that the 60 s rule?', at(35));
    this.say(
      'kev',
      'hans',
      'yes: no command for **60 s** and the server signs you out. private talk counts as activity now',
      at(26),
      { state: 'delivered' },
    );
    this.say('kev', 'hans', 'the fix is on the branch: https://git.example.net/aside/pull/42', at(25), {
      state: 'delivered',
    });
    this.say(
      'hans',
      'kev',
      "trying it now\n```ts\nconst idle = now - lastActivity; // ms\nif (idle > timeout * 1000) session.end('timed-out');\n```",
      at(13),
    );
    this.say('hans', 'kev', 'works!', at(12));
    this.say('kevin', 'kev', 'hey', at(31));
    this.say('kevin', 'kev', 'I made a trace of the handshake', at(30));
    this.say('kevin', 'kev', 'did you see the capture?', at(29));
    this.port.emit('conversation.read', { conversation: conversationWith('hans'), unread: 0 });
    this.port.emit('conversation.read', { conversation: conversationWith('leia'), unread: 0 });
    this.port.emit('conversation.read', { conversation: EVERYONE, unread: 0 });
    return this;
  }

  /** Adds this many old messages. */
  fillLong(count: number): this {
    for (let place = 0; place < count; place++) {
      const from = place % 3 === 0 ? 'kev' : 'hans';
      const text = `message ${place} ${'word '.repeat((place * 7) % 23)}`.trim();
      this.port.put(
        this.#message(
          from,
          from === 'kev' ? 'hans' : 'kev',
          text,
          this.now - (count - place) * 20_000,
          from === 'kev' ? { state: 'delivered' } : { state: 'received' },
        ),
      );
    }
    return this.say('hans', 'kev', 'and that was all', this.now - 10_000) && this;
  }

  say(
    from: string,
    to: string | undefined,
    text: string,
    at: number,
    status: MessageStatus = { state: 'received' },
  ): Message {
    const message = this.#message(from, to, text, at, status);
    this.port.add(message);
    return message;
  }

  /** Sets the state of a private session. */
  aside(username: string, state: PrivateSessionView['state']): void {
    const session = { sid: `s-${username}`, username, initiator: false, state, keep: { own: false, peer: false } };
    this.port.emit('private.changed', { session });
  }

  /** Adds a private message. */
  whisper(username: string, text: string, incoming: boolean, at: number): PrivateMessage {
    this.#position++;
    const message = { id: `p${this.#position}`, sid: `s-${username}`, username, incoming, text, at };
    this.port.emit('private.message', { message, keep: false });
    return message;
  }

  #message(from: string, to: string | undefined, text: string, at: number, status: MessageStatus): Message {
    this.#position++;
    const incoming = from !== 'kev';
    const conversation = to === undefined ? EVERYONE : conversationWith(incoming ? from : to);
    const message = {
      position: this.#position,
      id: `m${this.#position}`,
      conversation,
      from,
      incoming,
      text,
      at,
      status,
    };
    return to === undefined ? message : { ...message, to };
  }

  #times(): OnlineTimes[] {
    const ago = (hours: number) => this.now - hours * HOUR;
    return [
      {
        username: 'hans',
        intervals: [
          [ago(7), ago(4.6)],
          [ago(3.6), null],
        ],
      },
      { username: 'kevin', intervals: [[ago(4.8), null]] },
      {
        username: 'leia',
        intervals: [
          [ago(7.6), ago(5.8)],
          [ago(50), ago(46)],
        ],
      },
      {
        username: 'yoda',
        intervals: [
          [ago(2.4), ago(2.1)],
          [ago(1.5), null],
        ],
      },
      { username: 'obiwan', intervals: [[ago(0.03), null]] },
    ];
  }
}
