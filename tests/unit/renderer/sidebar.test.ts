import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { happen, NOW, preparePage, show } from '../../support/renderer.ts';

beforeEach(preparePage);

const sidebar = () => within(screen.getByRole('navigation'));

describe('the list of conversations (G2)', () => {
  it('tells the last words in one line, without the signs of Markdown', async () => {
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
    [{ state: 'stored' }, true, 'At the server until leia is back · are you there'],
    [{ state: 'stored' }, false, 'At the server until leia is back · are you there'],
    [{ state: 'delivered' }, true, 'You: are you there'],
  ] as const)(
    'says of a message of one’s own that is %j where it is (connected: %s)',
    async (status, connected, line) => {
      const world = new DemoWorld(NOW);
      await show(world.port);
      if (!connected) {
        await happen(() => world.port.emit('connection.changed', { connection: { state: 'connecting', attempt: 1 } }));
      }
      await happen(() => void world.say('kev', 'leia', 'are you there', NOW, status));
      expect(sidebar().getByRole('button', { name: /^leia/ }).textContent).toContain(line);
    },
  );

  it('does not say of a message that it waits for somebody who is here', async () => {
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
  ])('says how long somebody has been here, of %i ms', async (ms, words) => {
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

  it('says where those are who are online, and when nobody is', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => world.port.emit('people.replaced', { people: [{ username: 'hans', since: NOW }] }));
    expect(sidebar().getByRole('button', { name: /^hans/ })).toBeTruthy();
    await happen(() => void world.say('hans', 'kev', 'hello', NOW));
    expect(sidebar().getByText('All users online are in your conversations.')).toBeTruthy();
    await happen(() => world.port.emit('people.replaced', { people: [] }));
    expect(sidebar().getByText('No other users are online.')).toBeTruthy();
  });
});

describe('the line about the server (G5)', () => {
  it('says how long the server takes to answer, while there is one', async () => {
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
