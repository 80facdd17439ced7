import { conversationWith } from '../../../src/shared/client-api/conversation-id.ts';
import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { failed } from '../../../src/shared/client-api/failure.ts';
import type { Message, MessageStatus } from '../../../src/shared/client-api/view-state.ts';
import { happen, NOW, preparePage, showMorning, SOON } from '../../support/renderer.ts';

beforeEach(preparePage);

const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message/ });
const feed = () => screen.getByRole('feed');

describe('Composer (D5, D8, G7)', () => {
  it('sends with Enter and starts a line with Shift and Enter', async () => {
    const { port, user } = await showMorning();
    await user.type(box(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(port.calls).toContainEqual({
      name: 'message.send',
      params: { id: expect.any(String), to: 'hans', text: 'one\ntwo' },
    });
    expect(box().value).toBe('');
    expect(within(feed()).getByText(/one\s+two/)).toBeTruthy();
  });

  it.each([true, false])(
    'shows a sent message at once and once, before the host has stored it; stored: %s',
    async (kept) => {
      const { port, user } = await showMorning();
      const command = port.command.bind(port);
      let answer = () => {};
      port.command = (name, params) =>
        name !== 'message.send'
          ? command(name, params)
          : new Promise((resolve) => {
              answer = () => void command(name, params).then(resolve);
            });
      await user.type(box(), 'just now{Enter}');
      expect(box().value).toBe('');
      expect(within(feed()).getAllByText('just now')).toHaveLength(1);
      expect(within(feed()).getByText(/Waiting/)).toBeTruthy();
      expect(within(feed()).queryByRole('button', { name: 'Cancel message' })).toBeNull();

      if (!kept) port.answer('message.send', () => failed('storage-here'));
      await happen(answer);
      expect(within(feed()).queryAllByText('just now')).toHaveLength(kept ? 1 : 0);
      await vi.waitFor(() => expect(within(feed()).queryByText(/Waiting/)).toBeNull(), SOON);
      expect(within(feed()).queryAllByText('just now')).toHaveLength(kept ? 1 : 0);
      expect(box().value).toBe(kept ? '' : 'just now');
    },
  );

  it('keeps a text that the outbox refused and shows the reason', async () => {
    const { port, user } = await showMorning();
    port.answer('message.send', () => failed('storage-here'));
    await user.type(box(), 'precious{Enter}');
    expect(box().value).toBe('precious');
    expect(screen.getAllByText(/could not be saved on this computer/).length).toBeGreaterThan(0);
  });

  it('counts bytes and sends no text that is too long', async () => {
    const { port, user } = await showMorning();
    await user.click(box());
    await user.paste('é'.repeat(4_096));
    expect(screen.getByText('0 bytes left')).toBeTruthy();
    await user.type(box(), 'x');
    expect(screen.getByText(/^1 byte too long/)).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(port.calls.map(({ name }) => name)).not.toContain('message.send');
    await user.keyboard('{Backspace}{Enter}');
    expect(port.calls.map(({ name }) => name)).toContain('message.send');
  });

  it('keeps a draft for each conversation in the window and in the host', async () => {
    const { port, user } = await showMorning();
    await user.type(box(), 'for hans');
    await user.click(screen.getByRole('button', { name: /^kevin/ }));
    expect(box().value).toBe('');
    await user.click(screen.getByRole('button', { name: /^hans.*Draft: for hans/ }));
    expect(box().value).toBe('for hans');
    await vi.waitFor(
      () =>
        expect(port.calls).toContainEqual({
          name: 'host.writeDraft',
          params: { conversation: conversationWith('hans'), text: 'for hans' },
        }),
      SOON,
    );
  });

  it('broadcasts a message to everyone and keeps its text without a connection', async () => {
    const { port, user } = await showMorning('Everyone');
    port.answer('message.broadcast', () => failed('offline', { detail: 'no-connection' }));
    await user.type(box(), 'standup{Enter}');
    expect(box().value).toBe('standup');
    expect(screen.getAllByText(/There is no connection to the server/).length).toBeGreaterThan(0);
  });

  it('repeats the typing signal while the user types', async () => {
    const { port, user } = await showMorning();
    const now = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    const told = () => port.calls.filter(({ name }) => name === 'typing.set').length;
    await user.type(box(), 'ab');
    expect(told()).toBe(1);
    now.mockReturnValue(13_500);
    await user.type(box(), 'cd');
    expect(told()).toBe(2);
    now.mockRestore();
  });

  it('sends one typing signal at the start and one at the end', async () => {
    const { port, user } = await showMorning();
    await user.type(box(), 'abc');
    await user.clear(box());
    const told = port.calls.filter(({ name }) => name === 'typing.set').map(({ params }) => params);
    expect(told).toEqual([
      { to: 'hans', typing: true },
      { to: 'hans', typing: false },
    ]);
  });
});

describe('Status of a message (D2)', () => {
  it('explains the delay and offers to cancel a message that wasn’t sent', async () => {
    const { port, user } = await showMorning();
    await happen(() => {
      port.emit('connection.changed', {
        connection: { state: 'waiting-to-reconnect', until: NOW, attempt: 1, problem: { kind: 'lost' } },
      });
      port.add({
        position: 900,
        id: 'waiting',
        conversation: conversationWith('hans'),
        from: 'kev',
        to: 'hans',
        incoming: false,
        text: 'later',
        at: NOW,
        status: { state: 'queued', attempted: false },
      });
    });
    await user.click(screen.getByRole('button', { name: 'Why not yet?' }));
    expect(screen.getByText(/Aside sends the message when the connection is back/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel message' }));
    expect(within(feed()).queryByText('later')).toBeNull();
  });

  it('shows a refusal with its reason and sends again', async () => {
    const { port, user } = await showMorning();
    await happen(() =>
      port.add({
        position: 900,
        id: 'refused',
        conversation: conversationWith('hans'),
        from: 'kev',
        to: 'hans',
        incoming: false,
        text: 'hello?',
        at: NOW,
        status: { state: 'refused', reason: 'mailbox-full' },
      }),
    );
    await user.click(screen.getByRole('button', { name: 'Why?' }));
    expect(screen.getByText(/The mailbox of this user is full/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Send again' }));
    expect(port.calls).toContainEqual({
      name: 'message.send',
      params: { id: expect.any(String), to: 'hans', text: 'hello?' },
    });
  });

  const own = (position: number, text: string, status: Message['status']): Message => ({
    position,
    id: text,
    conversation: conversationWith('hans'),
    from: 'kev',
    to: 'hans',
    incoming: false,
    text,
    at: NOW,
    status,
  });
  const rowOf = (text: string) => {
    const row = within(feed()).getByText(text).closest('article');
    if (row === null) throw new Error(`no row of ${text}`);
    return within(row);
  };

  it('offers to cancel each waiting message (D8)', async () => {
    const { port, user } = await showMorning();
    await happen(() => {
      port.add(own(900, 'first', { state: 'queued', attempted: false }));
      port.add(own(901, 'second', { state: 'queued', attempted: false }));
      port.add(own(902, 'third', { state: 'queued', attempted: false }));
    });
    expect(within(feed()).getAllByRole('button', { name: 'Cancel message' })).toHaveLength(3);
    await user.click(rowOf('first').getByRole('button', { name: 'Cancel message' }));
    expect(port.calls).toContainEqual({ name: 'message.cancel', params: { id: 'first' } });
    expect(within(feed()).queryByText('first')).toBeNull();
    expect(within(feed()).getByText('second')).toBeTruthy();
  });

  it('is shown under each refused message, and once for a run of equal statuses', async () => {
    const { port } = await showMorning();
    await happen(() => {
      port.add(own(900, 'one', { state: 'refused', reason: 'blocked' }));
      port.add(own(901, 'two', { state: 'refused', reason: 'blocked' }));
      port.add(own(902, 'three', { state: 'delivered' }));
      port.add(own(903, 'four', { state: 'delivered' }));
      port.add(own(904, 'five', { state: 'stored' }));
    });
    for (const text of ['one', 'two']) {
      expect(rowOf(text).getByText(/Couldn’t send/)).toBeTruthy();
      expect(rowOf(text).getByRole('button', { name: 'Why?' })).toBeTruthy();
      expect(rowOf(text).getByRole('button', { name: 'Send again' })).toBeTruthy();
    }
    expect(rowOf('three').queryByText(/Delivered/)).toBeNull();
    expect(rowOf('four').getByText(/Delivered/)).toBeTruthy();
    expect(rowOf('five').getByText(/Sent/)).toBeTruthy();
  });

  it('replaces the explanation of a stored message by its final status (D2)', async () => {
    const { port, user } = await showMorning();
    await happen(() => port.add(own(900, 'one', { state: 'stored' })));
    await user.click(rowOf('one').getByRole('button', { name: 'Why not yet?' }));
    expect(rowOf('one').getByText(/hans gets it when/)).toBeTruthy();
    const settle = (status: MessageStatus) =>
      happen(() =>
        port.emit('message.changed', { id: 'one', conversation: conversationWith('hans'), to: 'hans', status }),
      );
    await settle({ state: 'delivered' });
    expect(rowOf('one').getByText(/Delivered/)).toBeTruthy();
    expect(rowOf('one').queryByText(/hans gets it when/)).toBeNull();
    await settle({ state: 'refused', reason: 'expired' });
    expect(rowOf('one').getByText(/Couldn’t send/)).toBeTruthy();
    expect(rowOf('one').queryByText(/did not fetch it in time/)).toBeNull();
    await user.click(rowOf('one').getByRole('button', { name: 'Why?' }));
    expect(rowOf('one').getByText(/did not fetch it in time/)).toBeTruthy();
    await settle({ state: 'refused', reason: 'withdrawn' });
    expect(rowOf('one').queryByText(/has blocked you/)).toBeNull();
    await user.click(rowOf('one').getByRole('button', { name: 'Why?' }));
    expect(rowOf('one').getByText(/has blocked you/)).toBeTruthy();
  });

  it('goes when a refused message is sent again, which the new one replaces', async () => {
    const { port, user } = await showMorning();
    await happen(() => port.add(own(9_000, 'once more', { state: 'refused', reason: 'mailbox-full' })));
    let answer = () => {};
    const command = port.command.bind(port);
    port.command = (name, params) =>
      name !== 'message.send'
        ? command(name, params)
        : new Promise((resolve) => {
            answer = () => void command(name, params).then(resolve);
          });
    const again = rowOf('once more').getByRole('button', { name: 'Send again' });
    await user.dblClick(again);
    await happen(answer);
    await vi.waitFor(() => expect(within(feed()).getAllByText('once more')).toHaveLength(1), SOON);
    expect(rowOf('once more').queryByText(/Couldn’t send/)).toBeNull();
    expect(port.calls.filter(({ name }) => name === 'message.send')).toHaveLength(1);
  });

  it('marks visible messages as read and counts the others', async () => {
    const { port } = await showMorning();
    const hello = (from: string, position: number) => ({
      position,
      id: `x${position}`,
      conversation: conversationWith(from),
      from,
      to: 'kev',
      incoming: true,
      text: 'hello',
      at: NOW,
      status: { state: 'received' } as const,
    });
    await happen(() => port.add(hello('hans', 901)));
    expect(port.calls).toContainEqual({
      name: 'conversation.read',
      params: { conversation: conversationWith('hans'), through: 901 },
    });
    await happen(() => port.add(hello('leia', 902)));
    expect(screen.getByRole('button', { name: /^leia.*1 unread/ })).toBeTruthy();
  });
});

function missing(): never {
  throw new Error('there is no server');
}

describe('Time of a message (D10)', () => {
  const hello = (position: number, at: number): Message => ({
    position,
    id: `t${position}`,
    conversation: conversationWith('hans'),
    from: 'hans',
    to: 'kev',
    incoming: true,
    text: `at ${position}`,
    at,
    status: { state: 'received' },
  });
  const rowOf = (text: string) => within(feed()).getByText(text).closest('article') ?? document.body;

  it('is shown on hover and on focus inside of a group, with date and seconds in its title', async () => {
    const { port, user } = await showMorning();
    await happen(() => {
      port.add(hello(9_001, NOW));
      port.add(hello(9_002, NOW + 60_000));
    });
    expect(rowOf('at 9001').querySelector('time')).toBeNull();
    expect(rowOf('at 9002').querySelector('time')?.title).toBe('Nov 23, 2026, 10:31:00');
    await user.hover(rowOf('at 9001'));
    expect(rowOf('at 9001').querySelector('time')?.textContent).toBe('10:30');
    expect(rowOf('at 9001').querySelector('time')?.title).toBe('Nov 23, 2026, 10:30:00');
    await user.unhover(rowOf('at 9001'));
    expect(rowOf('at 9001').querySelector('time')).toBeNull();
    await happen(() => rowOf('at 9001').focus());
    expect(rowOf('at 9001').querySelector('time')?.textContent).toBe('10:30');
  });

  it('is the server’s, and a wrong clock of this computer is reported once', async () => {
    const { port } = await showMorning();
    const greet = () =>
      happen(() => port.emit('server.greeted', { ...(port.view.server ?? missing()), clockOffset: -3 * 3_600_000 }));
    await greet();
    await greet();
    const warning = 'The clock of this computer is 3 hours fast. Aside shows the times of the server.';
    expect(screen.getAllByText(warning).filter((one) => one.closest('[aria-live]') === null)).toHaveLength(1);
    await happen(() =>
      port.add({
        ...hello(9_003, 0),
        incoming: false,
        id: 'own',
        at: NOW,
        status: { state: 'queued', attempted: true },
      }),
    );
    await happen(() =>
      port.emit('message.changed', {
        id: 'own',
        conversation: '@hans',
        to: 'hans',
        status: { state: 'stored' },
        at: NOW - 3 * 3_600_000,
      }),
    );
    expect(rowOf('at 9003').querySelector('time')?.textContent).toBe('07:30');
  });
});

describe('Blocked user (E1)', () => {
  it('is marked in the header and above the field, which offers to unblock', async () => {
    const { port, user } = await showMorning();
    await happen(() => port.emit('blacklist.replaced', { users: ['hans'] }));
    const main = within(screen.getByRole('main'));
    expect(main.getByText('Blocked')).toBeTruthy();
    expect(main.getByText(/You blocked hans/)).toBeTruthy();
    await user.click(main.getByRole('button', { name: 'Unblock' }));
    expect(port.calls).toContainEqual({ name: 'blacklist.remove', params: { username: 'hans' } });
  });
});

describe('Presence note (C1)', () => {
  it.each([
    ['signed-out', 'hans signed out · 10:20 · back 10:24'],
    ['timed-out', 'hans timed out · 10:20 · back 10:24'],
    ['connection-lost', 'hans lost the connection · 10:20 · back 10:24'],
    ['replaced', 'hans signed in elsewhere · 10:20 · back 10:24'],
    [undefined, 'hans left · 10:20 · back 10:24'],
  ] as const)('is told between the messages with the reason: %s', async (reason, words) => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { port } = await showMorning();
    const at = NOW - 10 * 60_000;
    const left = { username: 'hans', online: false, at, ...(reason === undefined ? {} : { reason }) };
    await happen(() => port.emit('presence.changed', left));
    await happen(() => port.emit('presence.changed', { username: 'hans', online: true, at: at + 4 * 60_000 }));
    expect(within(feed()).getByText(words)).toBeTruthy();
  });

  it('has the day if the user left on another day', async () => {
    vi.useFakeTimers({ now: NOW + 86_400_000, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { port } = await showMorning();
    await happen(() =>
      port.emit('presence.changed', { username: 'hans', online: false, at: NOW, reason: 'timed-out' }),
    );
    expect(within(feed()).getByText(/^hans timed out · Mon 10:30$/)).toBeTruthy();
  });
});

describe('Links (G3)', () => {
  it('open only after a dialog has shown the real host', async () => {
    const { port, user } = await showMorning();
    await happen(() =>
      port.add({
        position: 903,
        id: 'link',
        conversation: conversationWith('hans'),
        from: 'hans',
        to: 'kev',
        incoming: true,
        text: 'see [bank.example](https://evil.example/bank.example) or [x](javascript:alert(1))',
        at: NOW,
        status: { state: 'received' },
      }),
    );
    await user.click(screen.getByRole('link', { name: 'bank.example' }));
    const dialog = screen.getByRole('dialog', { name: 'Open this link?' });
    expect(within(dialog).getByText('evil.example')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'x' })).toBeNull();
  });
});

describe('Connection states (G7)', () => {
  it.each([
    ['server-stopping', 'The server is stopping or restarting.'],
    ['lost', 'The connection was lost.'],
  ] as const)('show the reason of a lost connection (%s) and offer a retry', async (kind, sentence) => {
    const { port, user } = await showMorning();
    await happen(() =>
      port.emit('connection.changed', {
        connection: { state: 'waiting-to-reconnect', until: Date.now() + 9_000, attempt: 1, problem: { kind } },
      }),
    );
    expect(screen.getByText(sentence)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(port.calls.at(-1)?.name).toBe('session.tryNow');
  });

  it('end the wait for the next attempt after a change of the network or a sign of the user (G7)', async () => {
    const { port, user } = await showMorning();
    await happen(() =>
      port.emit('connection.changed', {
        connection: { state: 'waiting-to-reconnect', until: Date.now() + 9_000, attempt: 1, problem: { kind: 'lost' } },
      }),
    );
    const called = (name: string) => port.calls.filter((call) => call.name === name).length;
    globalThis.dispatchEvent(new Event('online'));
    expect(called('session.tryNow')).toBe(1);
    const before = called('session.activity');
    vi.setSystemTime(Date.now() + 2_000);
    onTestFinished(() => void vi.useRealTimers());
    globalThis.dispatchEvent(new Event('focus'));
    expect(called('session.activity')).toBe(before + 1);
    await user.type(box(), 'still here');
    expect(called('session.activity')).toBe(before + 1);
  });

  it('ask for the password and keep the draft after a sign-out for inactivity (B5)', async () => {
    const { port, user } = await showMorning();
    await user.type(box(), 'half a sent');
    await happen(() => port.emit('connection.changed', { connection: { state: 'signed-out', reason: 'timed-out' } }));
    // Without the password, no message is sent, and the connection isn't the reason.
    const main = within(screen.getByRole('main'));
    expect(main.queryByText(/are sent automatically/)).toBeNull();
    expect(main.getByText(/wait here until you have signed in/)).toBeTruthy();
    expect(main.getByText('Signed out')).toBeTruthy();
    expect(screen.queryByText('No connection')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'I am back' }));
    expect(screen.getByRole('dialog', { name: 'Sign in again' })).toBeTruthy();
    expect(box().value).toBe('half a sent');
  });

  it('ask for the password in the open conversation after a sign-in elsewhere', async () => {
    const { port, user } = await showMorning();
    await happen(() => port.emit('connection.changed', { connection: { state: 'signed-out', reason: 'replaced' } }));
    await user.click(screen.getByRole('button', { name: 'Sign in again' }));
    const dialog = screen.getByRole('dialog', { name: 'Sign in again' });
    await user.type(within(dialog).getByLabelText('Password'), 'right password{Enter}');
    expect(port.calls).toContainEqual({
      name: 'session.signIn',
      params: { username: 'kev', password: 'right password' },
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('cover the window after a changed certificate', async () => {
    const { port, user } = await showMorning();
    const [expected, presented] = ['AA', 'BB'].map((byte) => Array.from({ length: 32 }, () => byte).join(':')) as [
      string,
      string,
    ];
    await happen(() => port.emit('connection.changed', { connection: { state: 'untrusted', expected, presented } }));
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: 'Trust the new certificate' }));
    expect(port.calls.at(-1)).toEqual({ name: 'session.acceptCertificate', params: { fingerprint: presented } });
  });

  it('cover the window after a damaged pin, with a text of its own (G1)', async () => {
    const { port, user } = await showMorning();
    const presented = Array.from({ length: 32 }, () => 'BB').join(':');
    const connection = { state: 'untrusted', expected: 'rubbish', presented, unreadable: true } as const;
    await happen(() => port.emit('connection.changed', { connection }));
    expect(screen.getByRole('alert', { name: 'The stored certificate cannot be read' })).toBeTruthy();
    expect(screen.queryByText('Known')).toBeNull();
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: 'Trust the new certificate' }));
    expect(port.calls.at(-1)).toEqual({ name: 'session.acceptCertificate', params: { fingerprint: presented } });
  });

  it('show that the host has stopped, and keep the typed text until it is back', async () => {
    const { port, user } = await showMorning();
    await user.type(box(), 'still here');
    await happen(() => port.setLink('lost'));
    expect(screen.getByText('Aside has stopped')).toBeTruthy();
    await happen(() => port.setLink('connected'));
    expect(screen.queryByText('Aside has stopped')).toBeNull();
    expect(box().value).toBe('still here');
    expect(within(feed()).getByText(/morning! the relay/)).toBeTruthy();
  });
});
