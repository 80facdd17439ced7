import { screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ActionState } from '../../../src/renderer/actions/action-state.ts';
import { isPossible } from '../../../src/renderer/actions/action-record.ts';
import { USER_ACTIONS } from '../../../src/renderer/actions/user-actions.ts';
import { ACCOUNT_ACTIONS, WINDOW_ACTIONS } from '../../../src/renderer/actions/window-actions.ts';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import type { FakePort } from '../../support/demo-page/fake-port.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../src/shared/client-api/host.ts';
import { en } from '../../../src/shared/text/en.ts';
import { happen, NOW, preparePage, show, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);

async function openPalette(name = 'hans') {
  const shown = await showMorning(name);
  await shown.user.keyboard('{Control>}k{/Control}');
  return shown;
}

const options = () => screen.getAllByRole('option').map((one) => one.textContent?.replace(/^[A-Z]{2}(?=[a-z])/, ''));
const called = (port: FakePort, command: string) =>
  port.calls.filter(({ name }) => name === command).map(({ params }) => params);
const talkWith = (port: FakePort, username: string) =>
  happen(() =>
    port.emit('private.changed', {
      session: {
        sid: `s-${username}`,
        username,
        initiator: true,
        state: { state: 'connecting', because: 'accepted' },
        keep: { own: false, peer: false },
      },
    }),
  );

describe('Palette (G6)', () => {
  it('asks the user of the open conversation to talk aside, and ends the session', async () => {
    const { port, user } = await openPalette();
    await user.keyboard('aside hans');
    expect(options()).toEqual(['Talk aside with hans', 'Search messages for “aside hans”']);
    await user.keyboard('{Enter}');
    expect(screen.getByRole('dialog', { name: 'Talk aside with hans?' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await talkWith(port, 'hans');
    port.answer('private.end', () => succeeded({ sid: 's-hans' }));
    await user.keyboard('{Control>}k{/Control}end hans{Enter}');
    expect(called(port, 'private.end')).toEqual([{ username: 'hans' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('asks a user by name to talk aside, and lists few of many', async () => {
    const { port, user } = await openPalette();
    await user.keyboard('talk aside yo');
    expect(options()[0]).toBe('Talk aside with yoda');
    await user.keyboard('{Enter}');
    expect(screen.getByRole('dialog', { name: 'Talk aside with yoda?' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    const people = Array.from({ length: 40 }, (_, n) => ({ username: `guest${n}`, since: 1 }));
    await happen(() => port.emit('people.replaced', { people }));
    await user.keyboard('{Control>}k{/Control}aside guest');
    expect(options()).toHaveLength(6);
  });

  it('answers a request to talk aside, and cancels an own one (F1)', async () => {
    const { port, user } = await openPalette('leia');
    const ask = (state: 'asked' | 'asking') =>
      happen(() =>
        port.emit('private.changed', {
          session: {
            sid: 's-hans',
            username: 'hans',
            initiator: state === 'asking',
            state:
              state === 'asked'
                ? { state, expiresAt: Date.now() + 60_000, trust: 'known' }
                : { state, expiresAt: Date.now() + 60_000 },
            keep: { own: false, peer: false },
          },
        }),
      );
    await ask('asked');
    await user.keyboard('aside hans');
    expect(options().slice(0, 2)).toEqual([
      'Accept the request of hans to talk aside',
      'Decline the request of hans to talk aside',
    ]);
    port.answer('private.answer', () => succeeded({ sid: 's-hans' }));
    await user.keyboard('{Enter}');
    expect(called(port, 'private.answer')).toEqual([{ username: 'hans', accept: true }]);
    await user.keyboard('{Control>}k{/Control}decline hans{Enter}');
    expect(called(port, 'private.answer').at(-1)).toEqual({ username: 'hans', accept: false });
    await ask('asking');
    await user.keyboard('{Control>}k{/Control}cancel hans{Enter}');
    expect(called(port, 'private.cancel')).toEqual([{ username: 'hans' }]);
  });

  it('lists exactly the actions that are possible', async () => {
    const { user } = await openPalette();
    const texts = (state: ActionState) => [
      ...USER_ACTIONS.filter((action) => isPossible(action, state, 'hans')).map(({ label }) => label(en, 'hans')),
      ...WINDOW_ACTIONS.filter((action) => isPossible(action, state, undefined)).map(({ label }) => label(en)),
      'Continue as kev at lab.example.net:12000',
      ...ACCOUNT_ACTIONS.filter((action) => isPossible(action, state, undefined)).map(({ label }) => label(en)),
    ];
    const listed = () => {
      const all = options();
      const first = all.findIndex((text) => text?.endsWith(' hans'));
      return all.slice(first).filter((text) => !/^Talk aside with (?!hans)/.test(text ?? ''));
    };
    const browser: ActionState = {
      isConversationOpen: true,
      privateSessions: new Map(),
      blacklist: [],
      preferences: DEFAULT_PREFERENCES,
      isLockable: false,
      isDesktop: false,
    };
    expect(listed()).toEqual(texts(browser));
    expect(listed()).not.toContain('Quit Aside');
    await user.keyboard('{Escape}');

    document.body.replaceChildren();
    const world = new DemoWorld(NOW).fill();
    const quietUntil = Date.now() + 1_800_000;
    const preferences: Preferences = { ...DEFAULT_PREFERENCES, quietUntil, quietFor: 'hour' };
    world.port.hostState = { ...world.port.hostState, kind: 'desktop', lock: 'passphrase', preferences };
    const other = await show(world.port);
    await other.click(screen.getByRole('button', { name: /^hans/ }));
    await happen(() => world.port.emit('blacklist.replaced', { users: ['hans'] }));
    await other.keyboard('{Control>}k{/Control}');
    const desktop = { ...browser, blacklist: ['hans'], preferences, isLockable: true, isDesktop: true };
    expect(listed()).toEqual(texts(desktop));
    expect(listed()).toEqual(expect.arrayContaining(['Unblock hans', 'End do not disturb', 'Lock now', 'Quit Aside']));
    expect(listed()).not.toContain('Block hans');
  });

  it('opens the pages of the settings', async () => {
    const { user } = await openPalette();
    for (const [words, page] of [
      ['notif', 'Notifications'],
      ['talking aside sett', 'Talking aside'],
      ['shortcuts', 'Keyboard'],
    ] as const) {
      if (screen.queryByRole('combobox') === null) await user.keyboard('{Control>}k{/Control}');
      await user.keyboard(`${words}{Enter}`);
      expect(screen.getByRole('tabpanel', { name: page })).toBeTruthy();
      await user.click(screen.getByRole('button', { name: 'Close' }));
    }
  });

  it('blocks and unblocks the user of the open conversation, and offers neither for *Everyone*', async () => {
    const { port, user } = await openPalette();
    await user.keyboard('block hans{Enter}');
    expect(screen.getByRole('dialog', { name: 'Block hans?' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await happen(() => port.emit('blacklist.replaced', { users: ['hans'] }));
    await user.keyboard('{Control>}k{/Control}block hans');
    expect(options()[0]).toBe('Unblock hans');
    await user.keyboard('{Enter}');
    expect(called(port, 'blacklist.remove')).toEqual([{ username: 'hans' }]);
    await user.click(screen.getByRole('button', { name: /^Everyone/ }));
    await user.keyboard('{Control>}k{/Control}block');
    expect(options()).toEqual(['Blocked users', 'Search messages for “block”']);
  });

  it('continues with another account', async () => {
    const { user } = await openPalette();
    await user.keyboard('continue lab{Enter}');
    expect(screen.getByRole('dialog', { name: 'Continue as kev at lab.example.net:12000?' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Control>}k{/Control}another account{Enter}');
    expect(screen.getByRole('dialog', { name: 'Use another account?' })).toBeTruthy();
  });

  it('searches all messages for a text that is neither a name nor a command', async () => {
    const { port, user } = await openPalette();
    await user.keyboard(' idle_timeout ');
    expect(options()).toEqual(['Search messages for “idle_timeout”']);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(port, 'history.search')).toEqual([{ text: 'idle_timeout', limit: 50 }]));
  });

  it('finds users at the server; without a connection, the users that the window knows', async () => {
    const { port, user } = await openPalette();
    await user.keyboard('la');
    await waitFor(() => expect(options()).toContain('lando'));
    port.answer('people.search', () => failed('offline', { detail: 'no-connection' }));
    await user.keyboard('{Backspace}{Backspace}yod');
    await waitFor(() => expect(options()).toContain('yoda'));
  });
});
