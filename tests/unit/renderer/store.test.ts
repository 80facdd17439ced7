import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { createWindowModel } from '../../../src/renderer/store/window-store.ts';
import { screenOf } from '../../../src/renderer/store/client.ts';
import { presenceNotesAfter } from '../../../src/renderer/store/presence-notes.ts';
import { threadsAfter, withPage } from '../../../src/renderer/store/threads.ts';
import { en } from '../../../src/shared/text/en.ts';
import type { ClientEvent } from '../../../src/shared/client-api/contract.ts';
import type { Message } from '../../../src/shared/client-api/view-state.ts';

const message = (position: number, more: Partial<Message> = {}): Message => ({
  position,
  id: `m${position}`,
  conversation: '@hans',
  from: 'kev',
  to: 'hans',
  incoming: false,
  text: `text ${position}`,
  at: position * 1_000,
  status: { state: 'queued', attempted: false },
  ...more,
});
const numbered = (event: ClientEvent) => ({ ...event, seq: 1 });
const thread = (...positions: number[]) => ({
  '@hans': { messages: positions.map((position) => message(position)), complete: false, newest: true, loading: false },
});
const positions = (threads: ReturnType<typeof threadsAfter>) => threads['@hans']?.messages.map((one) => one.position);

beforeEach(() => {
  document.hasFocus = () => true;
  history.replaceState(null, '');
});

describe('Loaded messages', () => {
  it('get a new message at its position, once', () => {
    const added = (position: number) => numbered({ name: 'message.added', params: { message: message(position) } });
    expect(positions(threadsAfter(thread(1, 2), added(3)))).toEqual([1, 2, 3]);
    expect(positions(threadsAfter(thread(1, 3), added(2)))).toEqual([1, 2, 3]);
    expect(positions(threadsAfter(thread(1, 2), added(2)))).toEqual([1, 2]);
  });

  it('are unchanged if the conversation isn’t loaded: its page will have the message', () => {
    expect(threadsAfter({}, numbered({ name: 'message.added', params: { message: message(1) } }))).toEqual({});
  });

  it('change their status, disappear, and get older ones before them', () => {
    const status = { state: 'delivered' } as const;
    const changed = threadsAfter(
      thread(1, 2),
      numbered({ name: 'message.changed', params: { id: 'm2', conversation: '@hans', to: 'hans', status } }),
    );
    expect(changed['@hans']?.messages[1]?.status).toEqual(status);
    expect(changed['@hans']?.messages[0]?.status.state).toBe('queued');
    expect(
      positions(
        threadsAfter(thread(1, 2), numbered({ name: 'message.removed', params: { id: 'm1', conversation: '@hans' } })),
      ),
    ).toEqual([2]);
    const older = withPage(thread(5, 6)['@hans'], [message(3), message(4), message(5)], 3);
    expect(older.messages.map((one) => one.position)).toEqual([3, 4, 5, 6]);
    expect(older.complete).toBe(false);
    expect(withPage(undefined, [message(1)], 3).complete).toBe(true);
  });

  it('have notes about users who left and came back', () => {
    const changed = (online: boolean, at: number) =>
      numbered({ name: 'presence.changed', params: { username: 'hans', online, at } });
    const left = presenceNotesAfter({}, changed(false, 10));
    expect(left).toEqual({ '@hans': [{ username: 'hans', leftAt: 10 }] });
    expect(presenceNotesAfter(left, changed(true, 20))).toEqual({
      '@hans': [{ username: 'hans', leftAt: 10, backAt: 20 }],
    });
    expect(presenceNotesAfter({}, changed(true, 20))).toEqual({});
  });
});

describe('Projection', () => {
  it('equals the view of the client after a snapshot and all later events, whatever came before', async () => {
    const port = new FakePort();
    const { store, stop } = createWindowModel(port, en);
    port.emit('connection.changed', { connection: { state: 'connecting', attempt: 1 } });
    await Promise.resolve();
    port.emit('connection.changed', { connection: { state: 'online', since: 5 } });
    port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
    port.emit('people.replaced', { people: [{ username: 'hans', since: 3 }] });
    expect(store.getState().view).toEqual(port.view);
    expect(store.getState().view.people).toHaveLength(1);
    stop();
  });

  it('drops events older than the snapshot', async () => {
    const port = new FakePort({ seq: 40, username: 'kev' });
    const { store, stop } = createWindowModel(port, en);
    await Promise.resolve();
    const listeners: { view: typeof port.view } = port;
    listeners.view = { ...port.view, seq: 10 };
    port.emit('session.started', { username: 'somebody else', waiting: 0, resumed: false });
    expect(store.getState().view.username).toBe('kev');
    stop();
  });

  it('reads everything again for another client, and keeps nothing', async () => {
    const port = new FakePort(
      { username: 'kev', connection: { state: 'online', since: 1 } },
      { drafts: { '@hans': 'old' } },
    );
    const { store, actions, reload, stop } = createWindowModel(port, en);
    await Promise.resolve();
    actions.navigation.choose('@hans', 'hans');
    expect(store.getState().drafts).toEqual({ '@hans': 'old' });
    port.view = { ...port.view, username: 'lea' };
    port.hostState = { ...port.hostState, drafts: {} };
    await reload();
    expect(store.getState()).toMatchObject({ drafts: {}, chosen: undefined, threads: {} });
    stop();
  });
});

describe('Closing window', () => {
  it.each(['beforeunload', 'pagehide'])('writes the newest drafts to the host, once: %s (G7)', async (sign) => {
    const port = new FakePort({ username: 'kev', connection: { state: 'online', since: 1 } });
    const { actions, stop } = createWindowModel(port, en);
    await Promise.resolve();
    actions.drafts.set('@hans', 'half a w');
    actions.drafts.setPrivate('hans', 'half a secret');
    const written = () => port.calls.filter(({ name }) => name === 'host.writeDraft').map(({ params }) => params);
    expect(written()).toEqual([]);
    dispatchEvent(new Event(sign));
    dispatchEvent(new Event(sign));
    expect(written()).toEqual([
      { conversation: '@hans', text: 'half a w' },
      { conversation: '@hans', text: 'half a secret', isPrivate: true },
    ]);
    stop();
  });
});

describe('Screen of the window (G1, G7)', () => {
  it('shows the history while the user is only offline', async () => {
    const port = new FakePort();
    const { store, actions, stop } = createWindowModel(port, en);
    expect(screenOf(store.getState())).toBe('loading');
    await Promise.resolve();
    expect(screenOf(store.getState())).toBe('start');
    port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
    port.emit('connection.changed', { connection: { state: 'online', since: 1 } });
    actions.client.setSigningIn(true);
    expect(screenOf(store.getState())).toBe('start');
    actions.client.setSigningIn(false);
    expect(screenOf(store.getState())).toBe('main');
    const after = (connection: typeof port.view.connection) => {
      port.emit('connection.changed', { connection });
      return screenOf(store.getState());
    };
    expect(after({ state: 'signed-out', reason: 'timed-out' })).toBe('main');
    expect(after({ state: 'signed-out', reason: 'replaced' })).toBe('main');
    expect(after({ state: 'idle' })).toBe('main');
    expect(after({ state: 'untrusted', expected: 'a', presented: 'b' })).toBe('untrusted');
    expect(after({ state: 'signed-out', reason: 'by-you' })).toBe('start');
    expect(after({ state: 'signed-out', reason: 'account-deleted' })).toBe('start');
    stop();
  });

  it('stays at the start screen after a sign-out and a wrong password (G1)', async () => {
    const conversations = [{ id: '@hans', username: 'hans', unread: 0 }];
    const port = new FakePort({ username: 'kev', conversations, connection: { state: 'online', since: 1 } });
    const { store, stop } = createWindowModel(port, en);
    await Promise.resolve();
    port.emit('connection.changed', { connection: { state: 'signed-out', reason: 'by-you' } });
    port.emit('connection.changed', { connection: { state: 'idle' } });
    expect(screenOf(store.getState())).toBe('start');
    stop();
  });

  it('keeps the history of a page that was loaded signed out, also after a failed sign-in (G7)', async () => {
    const conversations = [{ id: '@hans', username: 'hans', unread: 0 }];
    const connection = { state: 'signed-out', reason: 'replaced' } as const;
    const port = new FakePort({ username: 'kev', conversations, connection });
    const { store, stop } = createWindowModel(port, en);
    await Promise.resolve();
    expect(screenOf(store.getState())).toBe('main');
    port.emit('connection.changed', { connection: { state: 'idle' } });
    expect(screenOf(store.getState())).toBe('main');
    stop();
  });
});

describe('Newest draft (G7)', () => {
  it('is written to the account that it belongs to, also if another is chosen at once', async () => {
    const port = new FakePort({ username: 'kev', connection: { state: 'online', since: 1 } });
    const { actions, reload, stop } = createWindowModel(port, en);
    await reload();
    actions.drafts.set('@hans', 'half a sen');
    await actions.host.run('host.chooseAccount', { server: { host: 'chat.example', port: 1 }, username: 'lea' });
    const names = port.calls.map(({ name }) => name).filter((name) => name.startsWith('host.'));
    expect(names.slice(-2)).toEqual(['host.writeDraft', 'host.chooseAccount']);
    stop();
  });
});

describe('Thread (G2, G3)', () => {
  const many = (port: FakePort, count: number) => {
    for (let position = 1; position <= count; position++)
      port.put(message(position, { status: { state: 'delivered' } }));
  };
  const opened = async (count: number) => {
    const port = new FakePort({
      username: 'kev',
      connection: { state: 'online', since: 1 },
      conversations: [{ id: '@hans', username: 'hans', unread: 0, last: message(count) }],
    });
    many(port, count);
    const app = createWindowModel(port, en);
    await app.reload();
    const stretch = () => {
      const { messages = [], complete, newest, loading } = app.store.getState().threads['@hans'] ?? {};
      return {
        from: messages[0]?.position,
        to: messages.at(-1)?.position,
        count: messages.length,
        complete,
        newest,
        loading,
      };
    };
    return { port, ...app, stretch };
  };

  it('opens around a message and grows in both directions without a gap, up to the ends', async () => {
    const { actions, store, stretch, stop } = await opened(1_000);
    await actions.navigation.openMessage(message(500), 'text');
    expect(stretch()).toEqual({ from: 451, to: 550, count: 100, complete: false, newest: false, loading: false });
    expect(store.getState().scrollTarget).toMatchObject({ conversation: '@hans', place: 500, words: 'text' });
    await actions.threads.loadOlder('@hans');
    await actions.threads.loadNewer('@hans');
    expect(stretch()).toMatchObject({ from: 351, to: 650, count: 300 });
    for (let page = 0; page < 6; page++) await actions.threads.loadNewer('@hans');
    expect(stretch()).toMatchObject({ to: 1_000, newest: true });
    for (let page = 0; page < 6; page++) await actions.threads.loadOlder('@hans');
    expect(stretch()).toMatchObject({ from: 1, count: 1_000, complete: true });
    stop();
  });

  it('holds at most a thousand messages while the user scrolls up and back, without a gap, and knows both ends', async () => {
    const { port, actions, store, stretch, stop } = await opened(3_000);
    actions.navigation.choose('@hans', 'hans');
    await Promise.resolve();
    for (let page = 0; page < 9; page++) await actions.threads.loadOlder('@hans');
    expect(stretch()).toMatchObject({ from: 2_001, to: 3_000, count: 1_000, newest: true });
    for (let page = 0; page < 5; page++) await actions.threads.loadOlder('@hans');
    expect(stretch()).toMatchObject({ from: 1_501, to: 2_500, count: 1_000, complete: false, newest: false });
    port.add(message(3_001, { incoming: true, from: 'hans', status: { state: 'received' } }));
    for (let page = 0; page < 40; page++) await actions.threads.loadOlder('@hans');
    expect(stretch()).toMatchObject({ from: 1, to: 1_000, count: 1_000, complete: true, newest: false });
    await actions.threads.loadNewer('@hans');
    expect(stretch()).toMatchObject({ from: 101, to: 1_100, count: 1_000, complete: false });
    for (let page = 0; page < 40; page++) await actions.threads.loadNewer('@hans');
    expect(stretch()).toMatchObject({ from: 2_002, to: 3_001, count: 1_000, newest: true });
    const { messages = [] } = store.getState().threads['@hans'] ?? {};
    expect(messages.every(({ position }, place) => position === 2_002 + place)).toBe(true);
    stop();
  });

  it.each([40, 450, 1_400])(
    'opens at the first of %i unread messages, and none of them is read by that (G2)',
    async (unread) => {
      const port = new FakePort({
        username: 'kev',
        connection: { state: 'online', since: 1 },
        conversations: [{ id: '@hans', username: 'hans', unread, last: message(3_000) }],
      });
      // Every other message is the user's own.
      for (let position = 1; position <= 3_000; position++) {
        port.put(message(position, position % 2 === 0 ? { incoming: true, from: 'hans' } : {}));
      }
      const { actions, store, reload, stop } = createWindowModel(port, en);
      await reload();
      actions.navigation.choose('@hans', 'hans');
      await vi.waitFor(() => expect(store.getState().scrollTarget).toBeDefined());
      const first = 3_002 - 2 * unread;
      expect(store.getState()).toMatchObject({
        newSince: first,
        atEnd: false,
        scrollTarget: { conversation: '@hans', place: first, words: undefined },
      });
      const { messages = [] } = store.getState().threads['@hans'] ?? {};
      expect(messages.some(({ position }) => position === first)).toBe(true);
      // One page, however many are unread (G3).
      expect(messages.length).toBeLessThanOrEqual(100);
      expect(port.calls.filter(({ name }) => name.startsWith('history.'))).toHaveLength(1);
      const through = () => port.calls.filter(({ name }) => name === 'conversation.read').map(({ params }) => params);
      await Promise.resolve();
      expect(through()).toEqual([]);

      // Each is announced once, when it becomes visible.
      for (const seen of [first - 20, first + 4, first + 4, first + 2]) {
        actions.threads.reportVisible('@hans', false, seen);
        await Promise.resolve();
      }
      expect(through()).toEqual([{ conversation: '@hans', through: first + 4 }]);
      expect(store.getState().view.conversations[0]?.unread).toBe(unread - 3);
      stop();
    },
  );

  it('goes to the first message of a day, to the very first one, and to the end if there is none', async () => {
    const { actions, store, stretch, stop } = await opened(600);
    const target = () => store.getState().scrollTarget;
    await actions.threads.scrollToTime('@hans', message(300).at);
    expect(target()).toMatchObject({ conversation: '@hans', place: 300, words: '' });
    expect(stretch()).toMatchObject({ from: 251, to: 350, newest: false, complete: false });
    await actions.threads.scrollToTime('@hans', 0);
    expect(target()).toMatchObject({ place: 1 });
    expect(stretch()).toMatchObject({ from: 1, complete: true });
    await actions.threads.scrollToTime('@hans', message(600).at + 1);
    expect(target()).toMatchObject({ place: 'end' });
    expect(stretch()).toMatchObject({ to: 600, newest: true });
    stop();
  });

  it('doesn’t append messages after a gap, and loads them when the user scrolls there', async () => {
    const { port, actions, stretch, stop } = await opened(600);
    await actions.navigation.openMessage(message(100), '');
    port.add(message(601, { incoming: true, from: 'hans', status: { state: 'received' } }));
    expect(stretch()).toMatchObject({ to: 150, newest: false });
    await actions.threads.scrollToEnd('@hans');
    expect(stretch()).toEqual({ from: 502, to: 601, count: 100, complete: false, newest: true, loading: false });
    port.add(message(602));
    expect(stretch()).toMatchObject({ to: 602 });
    stop();
  });

  it('scrolls to the end after the user has sent a message', async () => {
    const { port, actions, store, stretch, stop } = await opened(600);
    await actions.navigation.openMessage(message(100), '');
    port.add(message(601));
    await Promise.resolve();
    await Promise.resolve();
    expect(stretch()).toMatchObject({ to: 601, newest: true });
    expect(store.getState().scrollTarget).toMatchObject({ place: 'end' });
    stop();
  });

  it('knows its ends also in a short history', async () => {
    const { actions, stretch, stop } = await opened(30);
    await actions.navigation.openMessage(message(2), '');
    expect(stretch()).toEqual({ from: 1, to: 30, count: 30, complete: true, newest: true, loading: false });
    stop();
  });

  it('ignores a page that was requested before another position was opened', async () => {
    const { port, actions, stretch, stop } = await opened(2_000);
    await actions.navigation.openMessage(message(300), '');
    const late = actions.threads.loadOlder('@hans');
    await actions.navigation.openMessage(message(1_500), '');
    const again = actions.threads.loadOlder('@hans');
    await Promise.all([late, again]);
    expect(stretch()).toMatchObject({ from: 1_351, to: 1_550, count: 200, loading: false });
    const older = actions.threads.loadOlder('@hans');
    port.emit('message.removed', { id: 'm1351', conversation: '@hans' });
    await older;
    expect(stretch()).toMatchObject({ from: 1_251, count: 299 });
    stop();
  });

  it('is at the end when the conversation is opened again, and is shortened when it is left', async () => {
    const { port, actions, store, stretch, stop } = await opened(1_000);
    actions.navigation.choose('@hans', 'hans');
    await Promise.resolve();
    for (let page = 0; page < 5; page++) await actions.threads.loadOlder('@hans');
    expect(stretch()).toMatchObject({ from: 401, count: 600 });
    actions.navigation.choose('#everyone');
    expect(stretch()).toMatchObject({ from: 701, count: 300, complete: false });
    await actions.navigation.openMessage(message(10), '');
    actions.navigation.choose('@hans', 'hans');
    await Promise.resolve();
    expect(stretch()).toMatchObject({ to: 1_000, newest: true });
    expect(store.getState().scrollTarget).toBeUndefined();
    expect(port.calls.filter(({ name }) => name === 'history.around')).toHaveLength(1);
    stop();
  });

  it('isn’t marked as read while the user has scrolled up', async () => {
    const { port, actions, stop } = await opened(100);
    actions.navigation.choose('@hans', 'hans');
    actions.threads.reportVisible('@hans', false, undefined);
    const reads = () => port.calls.filter(({ name }) => name === 'conversation.read').length;
    const arrives = (position: number) =>
      port.add(message(position, { incoming: true, from: 'hans', status: { state: 'received' } }));
    arrives(101);
    await Promise.resolve();
    expect(reads()).toBe(0);
    actions.threads.reportVisible('@hans', true, 101);
    await Promise.resolve();
    expect(reads()).toBe(1);
    stop();
  });

  it('is marked as read once for all messages that arrive together', async () => {
    const { port, actions, stop } = await opened(100);
    actions.navigation.choose('@hans', 'hans');
    await Promise.resolve();
    const calls = (name: string) => port.calls.filter((call) => call.name === name);
    const before = { reads: calls('conversation.read').length, counts: calls('host.setUnread').length };
    for (let position = 101; position <= 140; position++) {
      port.add(message(position, { incoming: true, from: 'hans', status: { state: 'received' } }));
    }
    await Promise.resolve();
    await Promise.resolve();
    expect(calls('conversation.read').slice(before.reads)).toEqual([
      { name: 'conversation.read', params: { conversation: '@hans', through: 140 } },
    ]);
    expect(calls('host.setUnread').length).toBeLessThanOrEqual(before.counts + 2);
    expect(calls('host.setUnread').at(-1)?.params).toEqual({ count: 0, privateCount: 0 });
    stop();
  });
});

describe('Page load (G7)', () => {
  it('opens the conversation that was open, but not for another account', async () => {
    const port = new FakePort(
      { username: 'kev', connection: { state: 'online', since: 1 } },
      { server: { host: 'chat.example', port: 1 } },
    );
    const first = createWindowModel(port, en);
    await first.reload();
    first.actions.navigation.openUser('constructor');
    first.stop();

    const again = createWindowModel(port, en);
    await again.reload();
    expect(again.store.getState()).toMatchObject({ chosen: '@constructor', opened: 'constructor' });
    again.stop();

    port.view = { ...port.view, username: 'lea' };
    const other = createWindowModel(port, en);
    await other.reload();
    expect(other.store.getState().chosen).toBeUndefined();
    other.stop();

    port.view = { ...port.view, username: 'kev' };
    const closed = createWindowModel(port, en);
    await closed.reload();
    closed.actions.navigation.close();
    closed.stop();
    const empty = createWindowModel(port, en);
    await empty.reload();
    expect(empty.store.getState().chosen).toBeUndefined();
    empty.stop();
  });
});
