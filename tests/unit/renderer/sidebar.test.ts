// @vitest-environment jsdom
import { screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { DemoWorld } from '../../../src/renderer/port/demo-world.ts';
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

  it('says where those are who are online, and when nobody is', async () => {
    const world = new DemoWorld(NOW);
    await show(world.port);
    await happen(() => world.port.emit('people.replaced', { people: [{ username: 'hans', since: NOW }] }));
    expect(sidebar().getByRole('button', { name: /^hans.*here since/ })).toBeTruthy();
    await happen(() => void world.say('hans', 'kev', 'hello', NOW));
    expect(sidebar().getByText('All of them are in your conversations.')).toBeTruthy();
    await happen(() => world.port.emit('people.replaced', { people: [] }));
    expect(sidebar().getByText('Nobody else is here just now.')).toBeTruthy();
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
