import { EVERYONE } from '../../../src/shared/client-api/conversation-id.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { createWindowModel, type WindowModel } from '../../../src/renderer/store/window-store.ts';
import { withOptimisticMessages } from '../../../src/renderer/store/optimistic-messages.ts';
import { en } from '../../../src/shared/text/en.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { DRAFT_CHARACTERS } from '../../../src/shared/client-api/host.ts';
import type { Message } from '../../../src/shared/client-api/view-state.ts';

let port: FakePort;
let app: WindowModel;

beforeEach(async () => {
  vi.useFakeTimers();
  port = new FakePort(
    { username: 'kev', connection: { state: 'online', since: 1 } },
    { server: { host: 'chat.example', port: 1 } },
  );
  app = createWindowModel(port, en);
  await app.reload();
});
afterEach(() => {
  app.stop();
  vi.useRealTimers();
});

const params = (command: string): unknown[] =>
  port.calls.filter(({ name }) => name === command).map((call) => call.params);
const drafts = () => app.store.getState().drafts;
const reopened = async (): Promise<void> => {
  port.setLink('connected');
  await vi.advanceTimersByTimeAsync(0);
};
/** The link is lost before the next answers arrive. */
function unanswered(command: 'message.send' | 'message.broadcast' | 'private.say' | 'host.writeDraft'): void {
  const lost = () => {
    if (app.store.getState().link === 'connected') port.setLink('lost');
    return failed('connection-lost');
  };
  if (command === 'host.writeDraft') port.answerHost(command, lost);
  else port.answer(command, lost);
}
function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const taken = (id: string): Message => ({
  id,
  position: 1,
  conversation: '@hans',
  from: 'kev',
  to: 'hans',
  text: 'hello',
  at: 1,
  incoming: false,
  status: { state: 'queued', attempted: true },
});

describe('Draft (G7)', () => {
  it('is written as soon as there is a host again', async () => {
    unanswered('host.writeDraft');
    app.actions.drafts.set('@hans', 'half a sen');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(params('host.writeDraft')).toHaveLength(1);
    port.answerHost('host.writeDraft', () => succeeded({}));
    await reopened();
    expect(params('host.writeDraft').slice(1)).toEqual([{ conversation: '@hans', text: 'half a sen' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(params('host.writeDraft')).toHaveLength(2);
  });

  it('is written again if the host was busy; only the newest text', async () => {
    port.answerHost('host.writeDraft', () => failed('vault-busy'));
    app.actions.drafts.set('@hans', 'half');
    await vi.advanceTimersByTimeAsync(300);
    app.actions.drafts.set('@hans', 'half a sen');
    port.answerHost('host.writeDraft', () => succeeded({}));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(params('host.writeDraft')).toEqual([
      { conversation: '@hans', text: 'half' },
      { conversation: '@hans', text: 'half a sen' },
    ]);
  });

  it('waits for its account and is never written to another', async () => {
    unanswered('host.writeDraft');
    app.actions.drafts.set('@hans', 'from kev');
    await vi.advanceTimersByTimeAsync(300);
    port.answerHost('host.writeDraft', () => succeeded({}));
    port.view = { ...port.view, username: 'lea' };
    await reopened();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(params('host.writeDraft')).toHaveLength(1);
    expect(drafts()).toEqual({});
    port.view = { ...port.view, username: 'kev' };
    await app.reload();
    expect(params('host.writeDraft')).toHaveLength(2);
    expect(drafts()).toEqual({ '@hans': 'from kev' });
  });

  it('is stored up to the length that a frame can hold', async () => {
    app.actions.drafts.set('@hans', 'x'.repeat(DRAFT_CHARACTERS + 1));
    await vi.advanceTimersByTimeAsync(300);
    expect(params('host.writeDraft')).toEqual([{ conversation: '@hans', text: 'x'.repeat(DRAFT_CHARACTERS) }]);
    expect(drafts()['@hans']).toHaveLength(DRAFT_CHARACTERS + 1);
  });

  it('is the same in another window, unless the user has typed there since', async () => {
    port.emitHost({ name: 'host.draftChanged', conversation: '@hans', text: 'from the other window' });
    port.emitHost({ name: 'host.draftChanged', conversation: '@hans', text: 'a secret', isPrivate: true });
    expect(drafts()).toEqual({ '@hans': 'from the other window', 'aside @hans': 'a secret' });
    app.actions.drafts.set('@hans', 'newer');
    port.emitHost({ name: 'host.draftChanged', conversation: '@hans', text: 'older' });
    expect(drafts()['@hans']).toBe('newer');
    await vi.advanceTimersByTimeAsync(300);
    port.emitHost({ name: 'host.draftChanged', conversation: '@hans', text: '' });
    expect(drafts()['@hans']).toBe('');
  });
});

describe('Message without an answer (D3)', () => {
  it.each([
    ['message.send', () => app.actions.sending.send('@hans', 'hans', 'hello'), { to: 'hans', text: 'hello' }],
    ['message.broadcast', () => app.actions.sending.send(EVERYONE, undefined, 'hello'), { text: 'hello' }],
    ['private.say', () => app.actions.sending.sendPrivate('hans', 'hello'), { username: 'hans', text: 'hello' }],
  ] as const)('is asked for again with the same id when the host is back: %s', async (command, say, what) => {
    unanswered(command);
    const said = say();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(Object.values(drafts()).join('')).toBe('');
    // A page load isn't enough: the message also waits for its account.
    port.view = { ...port.view, username: 'lea' };
    await reopened();
    expect(params(command)).toHaveLength(1);
    port.answer('message.send', ({ id = '' }) => succeeded({ message: taken(id) }));
    port.answer('message.broadcast', () => succeeded({ recipients: 1, someBlocked: false }));
    port.answer('private.say', ({ id = '', ...line }) =>
      succeeded({ message: { ...line, id, sid: 's', incoming: false, at: 1 } }),
    );
    port.view = { ...port.view, username: 'kev' };
    await app.reload();
    await said;
    const [first, second, ...others] = params(command);
    expect(others).toEqual([]);
    expect(second).toEqual(first);
    expect(first).toEqual({ ...what, id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/) });
    expect(Object.values(drafts()).join('')).toBe('');
    expect(app.store.getState().optimisticMessages).toEqual([]);
  });

  it('is shown once, also if the history is read before the answer comes', async () => {
    const { promise, resolve: answer } = promised();
    port.answer('message.send', async ({ id = '' }) => {
      await promise;
      return succeeded({ message: taken(id) });
    });
    const said = app.actions.sending.send('@hans', 'hans', 'hello');
    const { optimisticMessages } = app.store.getState();
    expect(optimisticMessages).toHaveLength(1);
    const before = { messages: [], complete: true, newest: true, loading: false };
    expect(withOptimisticMessages(before, optimisticMessages, '@hans').messages.map(({ text }) => text)).toEqual([
      'hello',
    ]);
    const read = { ...before, messages: [taken(optimisticMessages[0]?.id ?? '')] };
    expect(withOptimisticMessages(read, optimisticMessages, '@hans')).toBe(read);
    answer();
    await said;
    expect(app.store.getState().optimisticMessages).toEqual([]);
  });

  it('returns to the composer after a lost connection, and keeps its id if the user sends it unchanged', async () => {
    port.answer('message.broadcast', () => failed('connection-lost'));
    await app.actions.sending.send(EVERYONE, undefined, 'hello');
    expect(drafts()[EVERYONE]).toBe('hello');
    await app.actions.sending.send(EVERYONE, undefined, 'hello');
    await app.actions.sending.send(EVERYONE, undefined, 'hello, all');
    const ids = params('message.broadcast').map((one) => (one as { id: string }).id);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('is not sent if the username of its conversation isn’t known', async () => {
    await app.actions.sending.send('@hans', undefined, 'for hans alone');
    expect(params('message.broadcast')).toEqual([]);
    expect(drafts()['@hans']).toBe('for hans alone');
  });
});
