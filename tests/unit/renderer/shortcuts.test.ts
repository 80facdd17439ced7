import { createEvent, fireEvent, screen, within } from '@testing-library/react';
import type { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasShortcut } from '../../../src/renderer/actions/action-record.ts';
import { ariaShortcut, isPressed, writeShortcut } from '../../../src/renderer/ui/shortcuts.ts';
import { en } from '../../../src/shared/text/en.ts';
import { allActions } from '../../support/renderer-actions.ts';
import { preparePage, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);
afterEach(() => vi.restoreAllMocks());

const chosen = () => screen.getByRole('main').getAttribute('aria-label');
const onMac = () => vi.spyOn(navigator, 'platform', 'get').mockReturnValue('MacIntel');

describe('Shortcuts (G6)', () => {
  it('do nothing while a dialog is open; the shortcut of the palette also closes the palette', async () => {
    const { user } = await showMorning();
    await user.keyboard('{Control>},{/Control}');
    await user.click(screen.getByRole('tab', { name: 'Account' }));
    await user.type(screen.getByLabelText('Current password'), 'half a pass');
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}{Control>}kf/{/Control}');
    expect(screen.getByRole('tabpanel', { name: 'Account' })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Current password').value).toBe('half a pass');
    expect(chosen()).toBe('Conversation with hans');
    await user.click(screen.getByRole('button', { name: 'Close' }));

    await user.keyboard('{Control>}k{/Control}');
    expect(screen.getByRole('dialog', { name: 'Find people and commands' })).toBeTruthy();
    await user.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(chosen()).not.toBe('Conversation with hans');
  });

  it('leave Option with an arrow key to the caret in a text on a Mac', async () => {
    onMac();
    const { user } = await showMorning();
    const field = screen.getByRole('textbox', { name: 'Message hans' });
    const event = createEvent.keyDown(field, { key: 'ArrowUp', altKey: true });
    fireEvent(field, event);
    expect(event.defaultPrevented).toBe(false);
    expect(chosen()).toBe('Conversation with hans');
    screen.getByRole('feed').focus();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(chosen()).not.toBe('Conversation with hans');
  });

  it('are all on the keyboard page; a browser omits those of the desktop app', async () => {
    const { user } = await showMorning();
    await user.keyboard('{Control>}/{/Control}');
    const page = within(screen.getByRole('tabpanel', { name: 'Keyboard' }));
    const listed = page.getAllByRole('term').map((term) => `${term.textContent}: ${term.nextSibling?.textContent}`);
    const expected = (await allActions())
      .filter(hasShortcut)
      .filter(({ onEveryScreen }) => onEveryScreen === undefined)
      .map((action) => {
        const text = action.shortcutLabel?.(en) ?? action.label(en);
        return `${text}: ${writeShortcut(action.shortcut, en.keys)}`;
      });
    expect(listed.toSorted()).toEqual(expected.toSorted());
    expect(listed).toEqual(
      expect.arrayContaining([
        'Find people and commands: Ctrl K',
        'Search in all conversations: Ctrl Shift F',
        'Next conversation: Alt ↓',
        'Copy message: Ctrl C',
      ]),
    );
  });

  it('are unique, and so are the identifiers of actions', async () => {
    const all = await allActions();
    const keys = all.filter(hasShortcut).map(({ shortcut }) => ariaShortcut(shortcut));
    expect(new Set(keys).size).toBe(keys.length);
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are written with Mac symbols on a Mac', async () => {
    onMac();
    const { user } = await showMorning();
    await user.keyboard('{Meta>}/{/Meta}');
    const page = within(screen.getByRole('tabpanel', { name: 'Keyboard' }));
    expect(page.getByText('⇧⌘F')).toBeTruthy();
    expect(page.getByText('⌥↓')).toBeTruthy();
  });

  it('match exactly their modifiers', () => {
    const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    const find = { key: 'f', command: true };
    expect(isPressed(find, { ...none, key: 'F', ctrlKey: true })).toBe(true);
    expect(isPressed(find, { ...none, key: 'F', ctrlKey: true, shiftKey: true })).toBe(false);
    expect(isPressed({ ...find, shift: true }, { ...none, key: 'F', ctrlKey: true, shiftKey: true })).toBe(true);
    // On a German keyboard, a slash is Shift and 7. On Windows, AltGr is Ctrl and Alt.
    expect(isPressed({ key: '/', command: true }, { ...none, key: '/', ctrlKey: true, shiftKey: true })).toBe(true);
    expect(isPressed({ key: ',', command: true }, { ...none, key: ',', ctrlKey: true, altKey: true })).toBe(false);
    expect(isPressed({ key: 'c' }, { ...none, key: 'c', ctrlKey: true })).toBe(false);
  });
});

describe('Key press of an input method', () => {
  it.each([{ isComposing: true }, { keyCode: 229 }])('with %o sends, chooses and closes nothing', async (composed) => {
    const { port, user } = await showMorning();
    const field = screen.getByRole('textbox', { name: 'Message hans' });
    await user.type(field, 'nihon');
    const press = (target: HTMLElement) => fireEvent.keyDown(target, { key: 'Enter', ...composed });
    press(field);
    expect(port.calls.filter(({ name }) => name === 'message.send')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    press(screen.getByRole('combobox', { name: 'Search emoji' }));
    expect(screen.getByRole('dialog', { name: 'Emoji' })).toBeTruthy();
    await user.keyboard('{Escape}{Control>}k{/Control}');
    press(screen.getByRole('combobox', { name: 'Find people and commands' }));
    expect(screen.getByRole('dialog', { name: 'Find people and commands' })).toBeTruthy();
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(port.calls.filter(({ name }) => name === 'message.send')).toHaveLength(1);
  });
});

describe('Emoji picker', () => {
  const open = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    await screen.findByRole('option', { name: 'grinning face' });
  };
  const selected = () => screen.getByRole('option', { selected: true }).getAttribute('aria-label');

  it('closes by its own button, by Escape and by Tab past its end, and the composer has the focus (G3, G6)', async () => {
    const { user } = await showMorning();
    const closed = async () => {
      await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      await vi.waitFor(() =>
        expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message hans' })),
      );
    };
    await open(user);
    expect(screen.getByRole('dialog', { name: 'Emoji' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Emoji' }));
    await closed();
    await open(user);
    await user.keyboard('{Escape}');
    await closed();
    await open(user);
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Smileys and emotion' }));
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'Default' }));
    await user.tab();
    await closed();
    await open(user);
    await user.click(screen.getByRole('feed'));
    await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('moves in the direction of the arrow keys, also from right to left (G6)', async () => {
    const { user } = await showMorning();
    const place = () => screen.getAllByRole('option').findIndex((one) => one.getAttribute('aria-selected') === 'true');
    await open(user);
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(place()).toBe(2);
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(place()).toBe(11);
    await user.keyboard('{Escape}');
    document.body.style.direction = 'rtl';
    await open(user);
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowRight}');
    expect(place()).toBe(2);
    document.body.style.direction = '';
  });

  it('finds emoji by the words of their labels and by other words (G3)', async () => {
    const { user } = await showMorning();
    await open(user);
    await user.keyboard('thumb');
    expect(selected()).toBe('thumbs up');
    await user.clear(screen.getByRole('combobox', { name: 'Search emoji' }));
    await user.keyboard('celebr');
    expect(screen.getByRole('option', { name: 'party popper' })).toBeTruthy();
    await user.keyboard('zzz');
    expect(screen.getByText('No emoji found.')).toBeTruthy();
    await user.click(screen.getByRole('tab', { name: 'Flags' }));
    expect(selected()).toBe('chequered flag');
    expect(screen.queryByRole('option', { name: 'grinning face' })).toBeNull();
  });

  it('inserts emoji in the skin tone that the user has chosen (G3)', async () => {
    const { port, user } = await showMorning();
    const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message hans' });
    const written = () => port.calls.findLast(({ name }) => name === 'host.writePreferences')?.params;
    await user.type(field, 'ok');
    await open(user);
    await user.click(screen.getByRole('radio', { name: 'Medium' }));
    expect(written()).toHaveProperty('skinTone', 'medium');
    await user.type(screen.getByRole('combobox', { name: 'Search emoji' }), 'thumbs up{Enter}');
    await vi.waitFor(() => expect(field.value).toBe('ok\u{1f44d}\u{1f3fd}'));
    await open(user);
    await user.click(screen.getByRole('radio', { name: 'Default' }));
    expect(written()).toHaveProperty('skinTone', undefined);
    await user.type(screen.getByRole('combobox', { name: 'Search emoji' }), 'thumbs up{Enter}');
    await vi.waitFor(() => expect(field.value).toBe('ok\u{1f44d}\u{1f3fd}\u{1f44d}'));
  });
});

describe('Buttons of a message (G6)', () => {
  it('are reached with Tab from the focused message', async () => {
    const { port, user } = await showMorning();
    screen.getByRole('feed').focus();
    await user.keyboard('{ArrowUp}');
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('ARTICLE'));
    await user.tab();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Copy message');
    await user.tab();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete here');
    await user.keyboard('{Enter}');
    expect(screen.getByRole('dialog', { name: 'Delete this message here?' })).toBeTruthy();
    expect(port.calls.some(({ name }) => name === 'message.delete')).toBe(false);
  });
});

describe('Context menu of a message', () => {
  const article = (text: string) => {
    const found = screen.getByRole('feed').querySelectorAll('article');
    return [...found].find((one) => one.textContent.includes(text)) ?? screen.getByRole('feed');
  };

  it('copies the message and asks before it deletes the message (G3)', async () => {
    const { port, user } = await showMorning();
    fireEvent.contextMenu(article('works!'));
    await user.click(await screen.findByRole('menuitem', { name: 'Copy message' }));
    await vi.waitFor(() => expect(screen.getAllByText('Copied.').length).toBeGreaterThan(0));
    fireEvent.contextMenu(article('works!'));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete here' }));
    expect(await screen.findByRole('dialog', { name: 'Delete this message here?' })).toBeTruthy();
    expect(port.calls.some(({ name }) => name === 'message.delete')).toBe(false);
  });

  it('leaves links and places without a message to the menu of the browser (G3)', async () => {
    await showMorning();
    for (const place of [screen.getByRole('link'), screen.getByRole('feed')]) {
      expect(fireEvent.contextMenu(place)).toBe(true);
      expect(screen.queryByRole('menu')).toBeNull();
    }
    expect(fireEvent.contextMenu(article('works!'))).toBe(false);
  });
});
