// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import {
  conversationWith as coreConversationWith,
  EVERYONE as CORE_EVERYONE,
} from '../../../src/core/chat/conversation.ts';
import { FakePort } from '../../../src/renderer/port/fake-port.ts';
import { createApp } from '../../../src/renderer/store/app-store.ts';
import { screenOf } from '../../../src/renderer/store/app-state.ts';
import { conversationWith, EVERYONE } from '../../../src/renderer/store/conversations.ts';
import { applyToNotes, applyToThreads, withPage } from '../../../src/renderer/store/threads.ts';
import { en } from '../../../src/renderer/strings/en.ts';
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
  '@hans': { messages: positions.map((position) => message(position)), complete: false, loading: false },
});
const positions = (threads: ReturnType<typeof applyToThreads>) => threads['@hans']?.messages.map((one) => one.position);

beforeEach(() => {
  document.hasFocus = () => true;
});

describe('messages at hand', () => {
  it('get a new one at its place, once', () => {
    const added = (position: number) => numbered({ name: 'message.added', params: { message: message(position) } });
    expect(positions(applyToThreads(thread(1, 2), added(3)))).toEqual([1, 2, 3]);
    expect(positions(applyToThreads(thread(1, 3), added(2)))).toEqual([1, 2, 3]);
    expect(positions(applyToThreads(thread(1, 2), added(2)))).toEqual([1, 2]);
  });

  it('are left alone where the conversation was not read yet: its page will have the message', () => {
    expect(applyToThreads({}, numbered({ name: 'message.added', params: { message: message(1) } }))).toEqual({});
  });

  it('change their state, go, and get older ones in front of them', () => {
    const status = { state: 'delivered' } as const;
    const changed = applyToThreads(
      thread(1, 2),
      numbered({ name: 'message.changed', params: { id: 'm2', conversation: '@hans', to: 'hans', status } }),
    );
    expect(changed['@hans']?.messages[1]?.status).toEqual(status);
    expect(changed['@hans']?.messages[0]?.status.state).toBe('queued');
    expect(
      positions(
        applyToThreads(
          thread(1, 2),
          numbered({ name: 'message.removed', params: { id: 'm1', conversation: '@hans' } }),
        ),
      ),
    ).toEqual([2]);
    const older = withPage(thread(5, 6)['@hans'], [message(3), message(4), message(5)], 3);
    expect(older.messages.map((one) => one.position)).toEqual([3, 4, 5, 6]);
    expect(older.complete).toBe(false);
    expect(withPage(undefined, [message(1)], 3).complete).toBe(true);
  });

  it('note who left, and that they came back', () => {
    const changed = (online: boolean, at: number) =>
      numbered({ name: 'presence.changed', params: { username: 'hans', online, at } });
    const left = applyToNotes({}, changed(false, 10));
    expect(left).toEqual({ '@hans': [{ username: 'hans', leftAt: 10 }] });
    expect(applyToNotes(left, changed(true, 20))).toEqual({ '@hans': [{ username: 'hans', leftAt: 10, backAt: 20 }] });
    expect(applyToNotes({}, changed(true, 20))).toEqual({});
  });
});

describe('names of conversations', () => {
  it('are those of the client', () => {
    expect(EVERYONE).toBe(CORE_EVERYONE);
    for (const name of ['hans', 'HANS', 'Ｈａｎｓ', 'ÅSA', 'straße', 'İ']) {
      expect(conversationWith(name)).toBe(coreConversationWith(name));
    }
  });
});

describe('the projection', () => {
  it('equals the view of the client after a snapshot and everything since, whatever came before it', async () => {
    const port = new FakePort();
    const { store, stop } = createApp(port, en);
    port.emit('connection.changed', { connection: { state: 'connecting', attempt: 1 } });
    await Promise.resolve();
    port.emit('connection.changed', { connection: { state: 'online', since: 5 } });
    port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
    port.emit('people.replaced', { people: [{ username: 'hans', since: 3 }] });
    expect(store.getState().view).toEqual(port.view);
    expect(store.getState().view.people).toHaveLength(1);
    stop();
  });

  it('drops what is older than the snapshot', async () => {
    const port = new FakePort({ seq: 40, username: 'kev' });
    const { store, stop } = createApp(port, en);
    await Promise.resolve();
    const listeners: { view: typeof port.view } = port;
    listeners.view = { ...port.view, seq: 10 };
    port.emit('session.started', { username: 'somebody else', waiting: 0, resumed: false });
    expect(store.getState().view.username).toBe('kev');
    stop();
  });

  it('reads everything anew when there is another client, and takes nothing along', async () => {
    const port = new FakePort(
      { username: 'kev', connection: { state: 'online', since: 1 } },
      { drafts: { '@hans': 'old' } },
    );
    const { store, actions, stop } = createApp(port, en);
    await Promise.resolve();
    actions.choose('@hans', 'hans');
    expect(store.getState().drafts).toEqual({ '@hans': 'old' });
    port.view = { ...port.view, username: 'lea' };
    port.facts = { ...port.facts, drafts: {} };
    await actions.reload();
    expect(store.getState()).toMatchObject({ drafts: {}, chosen: undefined, threads: {} });
    stop();
  });
});

describe('which screen there is (G1, G7)', () => {
  it('keeps the history in sight while its owner is only offline', async () => {
    const port = new FakePort();
    const { store, actions, stop } = createApp(port, en);
    expect(screenOf(store.getState())).toBe('loading');
    await Promise.resolve();
    expect(screenOf(store.getState())).toBe('start');
    port.emit('session.started', { username: 'kev', waiting: 0, resumed: false });
    port.emit('connection.changed', { connection: { state: 'online', since: 1 } });
    actions.setEntering(true);
    expect(screenOf(store.getState())).toBe('start');
    actions.setEntering(false);
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
});
