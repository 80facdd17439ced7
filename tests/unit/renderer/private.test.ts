import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { privateEnding } from '../../../src/core/private/session/session-ending.ts';
import type { IntroductionFault, PrivateEndingReason } from '../../../src/shared/client-api/private-view.ts';
import { privateEndings, privateFaults } from '../../../src/shared/text/reasons.ts';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { endingText, warningText } from '../../../src/shared/text/private-text.ts';
import { en } from '../../../src/shared/text/en.ts';
import { pseudoLocale } from '../../../src/shared/text/pseudo.ts';
import { failed } from '../../../src/shared/client-api/failure.ts';
import { happen, NOW, preparePage, show, SOON } from '../../support/renderer.ts';

beforeEach(preparePage);

const OPEN = { state: 'open', path: { kind: 'relayed' }, trust: 'known' } as const;

const over = (reason: string, by: 'you' | 'peer') => ({ state: 'ended', ending: { reason, by, loud: false } }) as const;

async function showWorld() {
  const world = new DemoWorld(NOW).fill();
  const user = await show(world.port);
  await user.click(screen.getByRole('button', { name: /^hans/ }));
  return { world, user, port: world.port };
}

describe('Request to talk aside (F1)', () => {
  it('is shown above the list with its note and its countdown, and is answered', async () => {
    const { world, user, port } = await showWorld();
    await happen(() =>
      world.aside('kevin', {
        state: 'asked',
        expiresAt: Date.now() + 24_000,
        note: '<b>it is me</b>',
        trust: 'changed',
      }),
    );
    const requests = screen.getByRole('list', { name: 'Requests to talk aside' });
    expect(within(requests).getByRole('timer').textContent).toMatch(/^0:2[345]$/);
    expect(within(requests).getByText('<b>it is me</b>')).toBeTruthy();
    expect(within(requests).getByText('Another device than before!')).toBeTruthy();
    await user.click(within(requests).getByRole('button', { name: 'Accept' }));
    expect(port.calls).toContainEqual({ name: 'private.answer', params: { username: 'kevin', accept: true } });
    expect(screen.getByRole('main', { name: 'Private conversation with kevin' })).toBeTruthy();
    expect(screen.queryByRole('list', { name: 'Requests to talk aside' })).toBeNull();
  });

  it('says what each side learns, and can be accepted without showing the address (F9)', async () => {
    const { world, user, port } = await showWorld();
    const asked = { state: 'asked', expiresAt: Date.now() + 24_000, trust: 'verified' } as const;
    await happen(() => world.aside('kevin', asked));
    const card = () => within(screen.getByRole('list', { name: 'Requests to talk aside' }));
    expect(card().getByText(en.aside.addressShown('kevin'))).toBeTruthy();
    expect(card().getByText(en.aside.trust.verified)).toBeTruthy();
    await user.click(card().getByRole('button', { name: 'Accept without showing my address' }));
    expect(port.calls).toContainEqual({
      name: 'private.answer',
      params: { username: 'kevin', accept: true, hideAddress: true },
    });

    await happen(() => world.aside('yoda', { ...asked, peerHidesAddress: true }));
    expect(card().getByText(en.aside.addressHiddenThere('yoda'))).toBeTruthy();
    expect(card().queryByRole('button', { name: 'Accept without showing my address' })).toBeNull();
    await happen(() => port.emit('addressRule.replaced', { addressRule: { reveal: false, people: {} } }));
    await happen(() => world.aside('yoda', asked));
    expect(card().getByText(en.aside.addressHiddenHere)).toBeTruthy();
    expect(card().queryByRole('button', { name: 'Accept without showing my address' })).toBeNull();
  });

  it('says in the question what each side learns, and can hide the address (F9)', async () => {
    const { user, port } = await showWorld();
    port.answer('private.safetyNumber', () => ({ ok: true, result: { digits: '1', trust: 'known' } }));
    await user.click(screen.getByRole('button', { name: 'Talk aside' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText(en.aside.trust.known)).toBeTruthy();
    expect(dialog.getByText(en.aside.addressShown('hans'))).toBeTruthy();
    await user.click(dialog.getByRole('checkbox', { name: en.aside.hideAddress }));
    expect(dialog.getByText(en.aside.addressHiddenHere)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Ask' }));
    expect(port.calls).toContainEqual({ name: 'private.ask', params: { username: 'hans', hideAddress: true } });
  });

  it('is sent with a note, shown while it waits, and cancelled', async () => {
    const { user, port } = await showWorld();
    await user.click(screen.getByRole('button', { name: 'Talk aside' }));
    await user.type(screen.getByRole('textbox', { name: /Note/ }), 'a word?');
    await user.click(screen.getByRole('button', { name: 'Ask' }));
    expect(port.calls).toContainEqual({ name: 'private.ask', params: { username: 'hans', note: 'a word?' } });
    expect(screen.getByText('Waiting for hans to answer')).toBeTruthy();
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message hans' })));
    await user.click(screen.getByRole('button', { name: 'Cancel request' }));
    expect(port.calls).toContainEqual({ name: 'private.cancel', params: { username: 'hans' } });
  });

  it('leaves the focus with the next request, then with the composer (G6)', async () => {
    const { world, user, port } = await showWorld();
    port.answer('private.answer', ({ username }) => {
      world.aside(username, over('declined', 'you'));
      return { ok: true, result: { sid: `s-${username}` } };
    });
    const state = { state: 'asked', expiresAt: Date.now() + 24_000, trust: 'known' } as const;
    await happen(() => world.aside('kevin', state));
    await happen(() => world.aside('yoda', state));
    const requests = () => within(screen.getByRole('list', { name: 'Requests to talk aside' }));
    const [first] = requests().getAllByRole('button', { name: 'Decline' });
    first?.focus();
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(requests().getByRole('button', { name: 'Accept' }));
    await user.keyboard('{Tab}{Enter}');
    expect(screen.queryByRole('list', { name: 'Requests to talk aside' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message hans' }));
  });

  it('names the user who is offline if the server refuses the request for that', async () => {
    const { user, port } = await showWorld();
    port.answer('private.ask', () => ({ ok: false, failure: { reason: 'offline' } }));
    await user.click(screen.getByRole('button', { name: 'Talk aside' }));
    await user.click(screen.getByRole('button', { name: 'Ask' }));
    expect(within(screen.getByRole('dialog')).getByText(/^This user is offline/)).toBeTruthy();
  });

  it('shows at once why it is refused', async () => {
    const { user, port } = await showWorld();
    port.answer('private.ask', () => failed('offline', { detail: 'no-connection' }));
    await user.click(screen.getByRole('button', { name: 'Talk aside' }));
    const lost = { state: 'waiting-to-reconnect', until: NOW, attempt: 1, problem: { kind: 'lost' } } as const;
    await happen(() => port.emit('connection.changed', { connection: lost }));
    await user.click(screen.getByRole('button', { name: 'Ask' }));
    expect(within(screen.getByRole('dialog')).getByText(/There is no connection/)).toBeTruthy();
  });
});

describe('Text of a private ending', () => {
  it('has a sentence for each reason and each fault that the client sends', () => {
    for (const reason of Object.keys(privateEndings) as PrivateEndingReason[]) {
      const ending = privateEnding(reason, 'peer');
      expect(endingText(en, 'hans', ending), reason).toBe(en.aside.endings[reason]('hans'));
      expect(endingText(pseudoLocale, 'hans', ending), reason).not.toBe(endingText(en, 'hans', ending));
    }
    const { storage: _storage, ...faults } = privateFaults;
    for (const fault of Object.keys(faults) as IntroductionFault[]) {
      const sentences = `${en.aside.endings.introduction('hans')} ${en.aside.faults[fault]}`;
      expect(endingText(en, 'hans', privateEnding('introduction', 'peer', fault)), fault).toBe(sentences);
      expect(warningText(en, 'hans', fault), fault).toBe(sentences);
    }
    expect(warningText(en, 'hans', 'storage')).toBe(en.aside.faults.storage);
  });

  it('says that the session has ended if the reason is of a newer host', () => {
    for (const reason of ['tired', 'constructor']) {
      expect(endingText(en, 'hans', { reason, by: 'peer', loud: false })).toBe(en.aside.endings.ended('hans'));
    }
    expect(warningText(en, 'hans', 'tired')).toBe(en.aside.endings.introduction('hans'));
  });
});

describe('Private pane (F4-F8)', () => {
  it('differs from the ordinary conversation and shows the path of messages', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    expect(screen.getByRole('main', { name: 'Private conversation with hans' })).toBeTruthy();
    expect(screen.getByText('Private · through the server · encrypted · not saved')).toBeTruthy();
    await user.type(screen.getByRole('textbox', { name: 'Only hans will see this' }), 'psst{Enter}');
    expect(port.calls).toContainEqual({
      name: 'private.say',
      params: { id: expect.any(String), username: 'hans', text: 'psst' },
    });
    expect(port.calls.map(({ name }) => name)).not.toContain('message.send');
    expect(screen.getByText('psst')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Through the server' }));
    expect(screen.queryByText('psst')).toBeNull();
    expect(screen.getByRole('textbox', { name: 'Message hans' })).toBeTruthy();
  });

  it('has emoji, and keeps an unread message if its session is gone after a restart of the host', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    await user.keyboard('thumbs up');
    await screen.findByRole('option', { name: 'thumbs up' });
    await user.keyboard('{Enter}');
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Only hans will see this' });
    expect(box.value).toBe('👍');
    document.hasFocus = () => false;
    await happen(() => void world.whisper('hans', 'psst', true, NOW));
    expect(document.title).toBe('(4) Aside');
    port.view = { ...port.view, privateSessions: [] };
    await happen(() => port.emitHost({ name: 'host.replaced' }));
    expect(document.title).toBe('(4) Aside');
    expect(screen.getByText('psst')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Close and forget' }));
    expect(document.title).toBe('(3) Aside');
  });

  it('writes its draft to the memory of the host only, and reads it from there (F7, G7)', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await user.type(screen.getByRole('textbox', { name: 'Only hans will see this' }), 'secret');
    const written = () => port.calls.filter(({ name }) => name === 'host.writeDraft').map(({ params }) => params);
    await vi.waitFor(
      () => expect(written()).toEqual([{ conversation: '@hans', text: 'secret', isPrivate: true }]),
      SOON,
    );

    port.hostState = { ...port.hostState, privateDrafts: { '@hans': 'secret' } };
    await show(port);
    await happen(() => undefined);
    expect(screen.getAllByRole<HTMLTextAreaElement>('textbox', { name: 'Only hans will see this' })[1]?.value).toBe(
      'secret',
    );
  });

  it('doesn’t scroll to the end after the user has scrolled up, until the user sends a message', async () => {
    const { world, user } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    const log = screen.getByRole('log', { name: 'Private conversation with hans' });
    await happen(() => void world.whisper('hans', 'first', true, NOW));
    expect(log.scrollTop).toBe(100_000);
    log.scrollTop = 300;
    await happen(() => void log.dispatchEvent(new Event('scroll', { bubbles: true })));
    await happen(() => void world.whisper('hans', 'second', true, NOW));
    expect(log.scrollTop).toBe(300);
    await user.type(screen.getByRole('textbox', { name: 'Only hans will see this' }), 'mine{Enter}');
    expect(log.scrollTop).toBe(100_000);
  });

  it('moves between messages with the arrow keys, and copies one by key or with the mouse (G6)', async () => {
    const { world, user } = await showWorld();
    const copied: string[] = [];
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text));
    await happen(() => world.aside('hans', OPEN));
    for (const [text, incoming] of [
      ['one', true],
      ['two', false],
      ['three', true],
    ] as const) {
      await happen(() => void world.whisper('hans', text, incoming, NOW));
    }
    screen.getByRole('log', { name: 'Private conversation with hans' }).focus();
    const here = () => document.activeElement?.querySelector('.bubble')?.textContent;
    await user.keyboard('{ArrowUp}');
    expect(here()).toBe('three');
    await user.keyboard('{ArrowUp}');
    expect(here()).toBe('two');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^You/);
    await user.keyboard('{Control>}c{/Control}');
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(here()).toBe('three');
    await user.hover(screen.getByText('one'));
    const line = screen.getAllByRole('group').find((one) => one.textContent?.startsWith('one'));
    if (line === undefined) throw new Error('no line');
    fireEvent.click(within(line).getByRole('button', { name: 'Copy message' }));
    // Tab reaches the button from the focused message.
    await user.tab();
    await user.keyboard('{Enter}');
    expect(copied).toEqual(['two', 'one', 'three']);
  });

  it('keeps a text that could not be sent and shows the reason', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    port.answer('private.say', () => failed('too-many-waiting'));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Only hans will see this' });
    await user.type(box, 'psst{Enter}');
    expect(box.value).toBe('psst');
    expect(screen.getAllByText(/Too many commands are waiting/).length).toBeGreaterThan(0);
  });

  it('shows the end of the session; a loud one as an alert', async () => {
    const { world, user } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    const ended = (reason: string, loud: boolean) =>
      world.aside('hans', { state: 'ended', ending: { reason, by: 'peer', loud } });
    await happen(() => ended('peer-left', false));
    expect(screen.getByRole('main', { name: 'Private conversation with hans, ended' })).toBeTruthy();
    expect(screen.getAllByText('hans has left; the private session is over.').length).toBeGreaterThan(0);
    await user.click(screen.getByRole('button', { name: 'Close and forget' }));
    expect(screen.getByRole('main', { name: 'Conversation with hans' })).toBeTruthy();
    expect(within(screen.getByRole('main')).queryByText(/the private session is over/)).toBeNull();
    await happen(() => ended('impostor', true));
    expect(screen.getByRole('alert').textContent).toContain('another device than that of hans');
  });

  it.each([
    ['the other ends it', (world: DemoWorld) => world.aside('hans', over('ended', 'peer'))],
    ['its path is lost', (world: DemoWorld) => world.aside('hans', over('lost', 'you'))],
    [
      'the host has restarted',
      ({ port }: DemoWorld) => {
        port.view = { ...port.view, privateSessions: [] };
        port.setLink('connected');
      },
    ],
  ])('sends nothing of the draft anywhere when %s (F7)', async (_how, end) => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Only hans will see this' });
    await user.type(box, 'my secret password is ');
    await happen(() => void world.whisper('hans', 'still to be read', true, NOW));
    await happen(() => end(world));
    // There is no field; the focus is at the messages, which stay until the user closes them.
    expect(screen.queryByRole('textbox', { name: /hans/ })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('log', { name: 'Private conversation with hans' }));
    await user.keyboard('hunter2{Enter}');
    expect(port.calls.map(({ name }) => name)).not.toContain('message.send');
    expect(port.calls.map(({ name }) => name)).not.toContain('private.say');
    expect(screen.getByText('my secret password is')).toBeTruthy();
    expect(screen.getByText('still to be read')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Close and forget' }));
    expect(screen.queryByText('still to be read')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message hans' }));
    await user.keyboard('done{Enter}');
    expect(port.calls).toContainEqual({
      name: 'message.send',
      params: { id: expect.any(String), to: 'hans', text: 'done' },
    });
  });

  it('stays until it is closed, also behind another conversation, and its unread messages are counted (F7)', async () => {
    const { world, user } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await user.click(screen.getByRole('button', { name: /^leia/ }));
    await happen(() => void world.whisper('hans', 'read me first', true, NOW));
    await happen(() => world.aside('hans', over('ended', 'peer')));
    expect(screen.getByRole('button', { name: /^hans.*1 unread aside/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    expect(screen.getByText('read me first')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^hans.*unread aside/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: /^leia/ }));
    await user.click(screen.getByRole('button', { name: /^hans/ }));
    expect(screen.getByText('read me first')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Talk aside again' }));
    expect(screen.getByRole('dialog', { name: 'Talk aside with hans?' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Close and forget' }));
    expect(screen.queryByText('read me first')).toBeNull();
    expect(screen.getByRole('main', { name: 'Conversation with hans' })).toBeTruthy();
  });

  it('closes at once if the user ends the session, and stays if that fails', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    port.answer('private.end', () => failed('offline', { detail: 'no-connection' }));
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(screen.getByRole('main', { name: 'Private conversation with hans' })).toBeTruthy();
    port.answer('private.end', () => {
      world.aside('hans', over('ended', 'you'));
      return { ok: true, result: { sid: 's-hans' } };
    });
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(screen.getByRole('main', { name: 'Conversation with hans' })).toBeTruthy();
  });

  it('doesn’t replace a composer in use when the session begins, and shows a hint', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', { state: 'asking', expiresAt: Date.now() + 60_000 }));
    const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message hans' });
    await user.type(box, 'see you ');
    await happen(() => world.aside('hans', { state: 'connecting', because: 'accepted' }));
    await happen(() => world.aside('hans', OPEN));
    expect(document.activeElement).toBe(box);
    expect(screen.getByText(/^You also talk aside with hans\. Messages here go through/)).toBeTruthy();
    await user.keyboard('at noon{Enter}');
    expect(port.calls).toContainEqual({
      name: 'message.send',
      params: { id: expect.any(String), to: 'hans', text: 'see you at noon' },
    });
    expect(port.calls.map(({ name }) => name)).not.toContain('private.say');
  });

  it('shows a changed identity as an alert, and offers to compare and accept it (F8)', async () => {
    const { port, user } = await showWorld();
    port.answer('private.safetyNumber', () => ({ ok: true, result: { digits: '11111 22222', trust: 'changed' } }));
    await happen(() => port.emit('private.identityChanged', { username: 'hans', identityKey: 'x' }));
    await user.click(within(screen.getByRole('alert')).getByRole('button', { name: 'Compare' }));
    const dialog = screen.getByRole('dialog', { name: 'Safety number with hans' });
    expect(within(dialog).getByRole('img', { name: 'The safety number as a QR code' })).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Accept the new device' }));
    expect(port.calls).toContainEqual({ name: 'private.acceptIdentity', params: { username: 'hans' } });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('shows a changed identity until it is accepted, also after other events and a page load (F8)', async () => {
    const { world, port, user } = await showWorld();
    const alert = () => within(screen.getByRole('alert'));
    const stands = () => {
      expect(alert().getByText(/^hans uses another device than before/)).toBeTruthy();
      expect(alert().getByRole('button', { name: 'Compare' })).toBeTruthy();
      expect(alert().queryByRole('button', { name: 'Dismiss' })).toBeNull();
    };
    await happen(() => port.emit('private.identityChanged', { username: 'hans', identityKey: 'x' }));
    await happen(() => world.aside('hans', { state: 'asked', expiresAt: Date.now() + 9_000, trust: 'changed' }));
    await happen(() => world.aside('hans', over('cancelled', 'peer')));
    stands();
    expect(within(screen.getByRole('main')).getByText('The request to talk aside was cancelled.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    stands();
    await happen(() => world.aside('hans', { state: 'asking', expiresAt: Date.now() + 9_000 }));
    await happen(() => world.aside('hans', over('identity-changed', 'you')));
    stands();
    expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull();
    cleanup();
    document.body.replaceChildren();
    await show(port);
    await happen(() => undefined);
    stands();
    await happen(() => port.emit('private.identitySettled', { username: 'hans' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('removes the note of the last end at the next request, but no warning', async () => {
    const { world, port, user } = await showWorld();
    const main = () => within(screen.getByRole('main'));
    await happen(() => world.aside('hans', over('declined', 'peer')));
    expect(main().getByText('hans declined to talk aside.')).toBeTruthy();
    await happen(() => world.aside('hans', { state: 'asking', expiresAt: Date.now() + 9_000 }));
    expect(main().queryByText('hans declined to talk aside.')).toBeNull();
    await happen(() => port.emit('private.warning', { username: 'hans', fault: 'storage' }));
    await happen(() => world.aside('hans', over('declined', 'peer')));
    await happen(() => world.aside('hans', { state: 'asking', expiresAt: Date.now() + 9_000 }));
    expect(screen.getByRole('alert').textContent).toContain('so it is no longer kept');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('marks a safety number as verified, and removes the mark', async () => {
    const { user, port } = await showWorld();
    await user.click(screen.getByRole('button', { name: 'Compare' }));
    await user.click(screen.getByRole('button', { name: 'Mark as verified' }));
    expect(port.calls).toContainEqual({ name: 'private.verify', params: { username: 'hans', verified: true } });
    await user.click(screen.getByRole('button', { name: 'Mark as not verified' }));
    expect(port.calls).toContainEqual({ name: 'private.verify', params: { username: 'hans', verified: false } });
  });

  it('asks to save the session, and shows if both sides ask (F7)', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await user.click(screen.getByRole('checkbox', { name: /Save the messages of this session/ }));
    expect(port.calls).toContainEqual({ name: 'private.keep', params: { username: 'hans', keep: true } });
    await happen(() =>
      port.emit('private.changed', {
        session: { sid: 's-hans', username: 'hans', initiator: false, state: OPEN, keep: { own: true, peer: true } },
      }),
    );
    expect(screen.getByText(/Both of you save the messages of this session/)).toBeTruthy();
    expect(screen.getByText(/saved by both/)).toBeTruthy();
  });
});

describe('Conversation with two tabs (F4, G4)', () => {
  const reads = (port: DemoWorld['port']) => port.calls.filter(({ name }) => name === 'conversation.read').length;
  const part = (name: RegExp) =>
    within(screen.getByRole('group', { name: 'Part of the conversation' })).getByRole('button', { name });

  it('marks messages through the server as read only while their tab is visible', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    const before = reads(port);
    await happen(() => void world.say('hans', 'kev', 'beside', NOW));
    expect(reads(port)).toBe(before);
    expect(part(/^Through the server/).textContent).toContain('1 unread');
    expect(document.title).toBe('(4) Aside');
    await user.click(part(/^Through the server/));
    expect(reads(port)).toBe(before + 1);
    expect(part(/^Through the server/).textContent).toBe('Through the server');
  });

  it('marks them as read also when the private session ends and they become visible', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await happen(() => void world.say('hans', 'kev', 'beside', NOW));
    const before = reads(port);
    const ending = { reason: 'ended', by: 'peer', loud: false } as const;
    await happen(() => world.aside('hans', { state: 'ended', ending }));
    expect(reads(port)).toBe(before);
    await user.click(screen.getByRole('button', { name: 'Close and forget' }));
    expect(reads(port)).toBe(before + 1);
  });

  it('counts unread private messages, and shows the next session at once', async () => {
    const { world, user, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    await user.click(part(/^Through the server/));
    await happen(() => void world.whisper('hans', 'psst', true, NOW));
    await happen(() => void world.whisper('hans', 'hey', true, NOW));
    expect(part(/^Aside/).textContent).toContain('2 unread aside');
    expect(screen.getByRole('button', { name: /^hans.*2 unread aside/ })).toBeTruthy();
    expect(document.title).toBe('(5) Aside');
    expect(port.calls.findLast(({ name }) => name === 'host.setUnread')?.params).toEqual({ count: 5, privateCount: 2 });
    await user.click(part(/^Aside/));
    expect(screen.queryByText('2 unread aside')).toBeNull();
    expect(document.title).toBe('(3) Aside');

    await user.click(part(/^Through the server/));
    await happen(() => void world.whisper('hans', 'one more', true, NOW));
    const ending = { reason: 'ended', by: 'peer', loud: false } as const;
    await happen(() => world.aside('hans', { state: 'ended', ending }));
    expect(document.title).toBe('(4) Aside');
    expect(part(/^Aside/).textContent).toContain('1 unread aside');
    await happen(() => world.aside('hans', OPEN));
    expect(screen.getByRole('main', { name: 'Private conversation with hans' })).toBeTruthy();
  });

  it('marks private messages as read when the window gets the focus', async () => {
    const { world } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    document.hasFocus = () => false;
    await happen(() => void world.whisper('hans', 'psst', true, NOW));
    expect(document.title).toBe('(4) Aside');
    document.hasFocus = () => true;
    await happen(() => void globalThis.dispatchEvent(new Event('focus')));
    expect(document.title).toBe('(3) Aside');
  });
});

describe('Saved private message (F7)', () => {
  it('is read when the user sees it in the private session, and does not count as unread', async () => {
    const { world, port } = await showWorld();
    await happen(() => world.aside('hans', OPEN));
    const { title } = document;
    await happen(() =>
      port.add({
        position: 9_001,
        id: 'kept',
        conversation: '@hans',
        from: 'hans',
        to: 'kev',
        incoming: true,
        text: 'kept by both',
        at: Date.now(),
        status: { state: 'received' },
        isPrivate: true,
      }),
    );
    expect(port.calls).toContainEqual({ name: 'conversation.read', params: { conversation: '@hans', through: 9_001 } });
    expect(port.view.conversations.find(({ id }) => id === '@hans')?.unread).toBe(0);
    expect(document.title).toBe(title);
  });
});
