import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { happen, NOW, preparePage, show } from '../../support/renderer.ts';

beforeEach(preparePage);

const sidebar = () => within(screen.getByRole('navigation'));

describe('Pane without a conversation (G1)', () => {
  const pane = () => within(screen.getByRole('main'));

  it('offers the users online, and writes to the chosen one', async () => {
    const user = await show(new DemoWorld(NOW).port);
    expect(pane().getAllByRole('button', { name: /^Write to/ })).toHaveLength(4);
    await user.click(pane().getByRole('button', { name: 'Write to yoda' }));
    expect(screen.getByRole('textbox', { name: 'Message yoda' })).toBeTruthy();
  });

  it('shows how others can join if no other user is online', async () => {
    const world = new DemoWorld(NOW);
    const user = await show(world.port);
    await happen(() => world.port.emit('people.replaced', { people: [] }));
    expect(pane().getByRole('heading', { name: 'No other users are online' })).toBeTruthy();
    expect(pane().getByText('Others join with Aside, at this address:')).toBeTruthy();
    expect(pane().queryByText(/invitation/)).toBeNull();
    await user.click(pane().getByRole('button', { name: 'Copy address' }));
    expect(await navigator.clipboard.readText()).toBe('chat.example.net:12000');
  });

  it('says that an address of this computer is for this computer, and that the server asks for an invitation', async () => {
    const world = new DemoWorld(NOW);
    const { server } = world.port.view;
    if (server !== undefined)
      world.port.view = {
        ...world.port.view,
        people: [],
        server: { ...server, policy: { ...server.policy, registration: 'invite' } },
      };
    world.port.hostState = { ...world.port.hostState, server: { host: '127.0.0.1', port: 12_000 } };
    await show(world.port);
    expect(pane().getByText('Others on this computer join with Aside, at this address:')).toBeTruthy();
    expect(pane().getByText(/the terminal where the server runs shows the address/)).toBeTruthy();
    expect(pane().getByText('Each new user needs an invitation from the operator of the server.')).toBeTruthy();
  });

  it('offers no user and no address without a connection', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => world.port.emit('connection.changed', { connection: { state: 'connecting', attempt: 1 } }));
    expect(pane().getByRole('heading', { name: 'Choose a conversation' })).toBeTruthy();
    expect(pane().queryByRole('button', { name: /^Write to|Copy address/ })).toBeNull();
  });
});

describe('Conversation list (G2)', () => {
  it('shows the last message in one line, without Markdown marks', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    const said = async (text: string) => {
      await happen(() => void world.say('hans', 'kev', text, NOW));
      return sidebar().getByRole('button', { name: /^hans/ }).textContent;
    };
    expect(await said('Look:\n```js\nconst a = 1;\n```\n**bold**')).toContain('Look: const a = 1; bold');
    expect(await said('~~no~~ `yes`\n\n  maybe')).toContain('no yes maybe');
  });

  it.each([
    [{ state: 'queued', attempted: false }, true, 'You: are you there'],
    [{ state: 'queued', attempted: true }, true, 'You: are you there'],
    [{ state: 'queued', attempted: false }, false, 'Waiting · are you there'],
    [{ state: 'stored' }, true, 'Sent · are you there'],
    [{ state: 'stored' }, false, 'Sent · are you there'],
    [{ state: 'delivered' }, true, 'You: are you there'],
  ] as const)('shows where an own message is that is %j (connected: %s)', async (status, connected, line) => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    if (!connected) {
      await happen(() => world.port.emit('connection.changed', { connection: { state: 'connecting', attempt: 1 } }));
    }
    await happen(() => void world.say('kev', 'leia', 'are you there', NOW, status));
    expect(sidebar().getByRole('button', { name: /^leia/ }).textContent).toContain(line);
  });

  it('doesn’t show a stored message as waiting for a user who is online', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => world.port.emit('people.replaced', { people: [{ username: 'leia', since: NOW }] }));
    await happen(() => void world.say('kev', 'leia', 'are you there', NOW, { state: 'stored' }));
    expect(sidebar().getByRole('button', { name: /^leia/ }).textContent).toContain('You: are you there');
  });

  it.each([
    [20_000, 'joined just now'],
    [150_000, 'joined 2 min. ago'],
    [-20_000, 'joined just now'],
    [95 * 60_000, 'here since 08:55'],
  ])('shows since when a user is online, after %i ms', async (ms, words) => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    try {
      const world = new DemoWorld(NOW);
      await show(world.port);
      await happen(() => world.port.emit('people.replaced', { people: [{ username: 'obiwan', since: NOW - ms }] }));
      expect(sidebar().getByRole('button', { name: /^obiwan/ }).textContent).toContain(words);
    } finally {
      vi.useRealTimers();
    }
  });

  it('explains an empty list of other users: all are in conversations, or no user is online', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => world.port.emit('people.replaced', { people: [{ username: 'hans', since: NOW }] }));
    expect(sidebar().getByRole('button', { name: /^hans/ })).toBeTruthy();
    await happen(() => void world.say('hans', 'kev', 'hello', NOW));
    expect(sidebar().getByText('All users online are in your conversations.')).toBeTruthy();
    const heading = () => sidebar().getByRole('heading', { name: /^Online now/ }).textContent;
    expect(heading()).toBe('Online now');
    const people = ['hans', 'leia'].map((username) => ({ username, since: NOW }));
    await happen(() => world.port.emit('people.replaced', { people }));
    expect(heading()).toBe('Online now1');
    await happen(() => world.port.emit('people.replaced', { people: [] }));
    expect(sidebar().getByText('No other users are online.')).toBeTruthy();
  });
});

describe('Entry of the conversation list', () => {
  it('shows an unread message instead of a draft (G2)', async () => {
    const world = new DemoWorld(NOW);
    world.port.hostState = { ...world.port.hostState, drafts: { '@hans': 'half a sent' } };
    await show(world.port);
    await happen(() => void world.say('kev', 'hans', 'before', NOW, { state: 'delivered' }));
    const entry = () => sidebar().getByRole('button', { name: /^hans/ }).textContent;
    expect(entry()).toContain('Draft: half a sent');
    await happen(() => void world.say('hans', 'kev', 'urgent', NOW));
    expect(entry()).toContain('urgent');
    expect(entry()).not.toContain('Draft');
  });

  it('is kept for a draft to a user without a message', async () => {
    const world = new DemoWorld(NOW);
    world.port.hostState = { ...world.port.hostState, drafts: { '@leia': 'Dear Leia', '@yoda': ' ' } };
    await show(world.port);
    expect(sidebar().getByRole('button', { name: /^leia/ }).textContent).toContain('Draft: Dear Leia');
    await happen(() => world.port.emit('people.replaced', { people: [] }));
    expect(sidebar().queryByRole('button', { name: /^yoda/ })).toBeNull();
  });

  it('marks a blocked user (E1)', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => void world.say('kev', 'darth', 'never again', NOW, { state: 'delivered' }));
    expect(sidebar().getByRole('button', { name: /^darth.*Blocked/ })).toBeTruthy();
  });
});

describe('Server line (G5)', () => {
  it('shows the response time of the server, only with a connection', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    expect(await sidebar().findByText('12 ms')).toBeTruthy();
    const problem = { kind: 'lost' } as const;
    const connection = { state: 'waiting-to-reconnect', until: NOW, attempt: 1, problem } as const;
    await happen(() => world.port.emit('connection.changed', { connection }));
    expect(sidebar().queryByText('12 ms')).toBeNull();
    world.port.answer('session.measure', () => ({ ok: true, result: { milliseconds: 0.4 } }));
    await happen(() => world.port.emit('connection.changed', { connection: { state: 'online', since: NOW } }));
    expect(sidebar().getByText('1 ms')).toBeTruthy();
  });
});
