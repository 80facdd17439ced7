import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { snippetOf, rangesOf } from '../../../src/renderer/features/search/marks.ts';
import { DemoWorld } from '../../support/demo-page/demo-world.ts';
import { failed, succeeded } from '../../../src/shared/client-api/failure.ts';
import { happen, NOW, preparePage, show, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);

const marked = (text: string, words: string) => rangesOf(text, words).map(([from, to]) => text.slice(from, to));

describe('Marked words of a search', () => {
  it('follow the rule of the search: any case, any accents, parts of words, every word', () => {
    expect(marked('Die Grüße an Ångström', 'GRUSSE angs')).toEqual(['Grüße', 'Ångs']);
    expect(marked('ababab', 'ab')).toEqual(['ababab']);
    expect(marked('overlapping lapse', 'lap apping')).toEqual(['lapping', 'lap']);
    expect(marked('👍 ok', 'ok')).toEqual(['ok']);
    expect(marked('nothing of it', 'zzz')).toEqual([]);
    expect(marked('nothing', '  ')).toEqual([]);
  });

  it('are in a snippet of a long text that starts near them', () => {
    const long = `${'before '.repeat(40)}needle${' after'.repeat(60)}`;
    const shown = snippetOf(long, 'needle');
    expect(shown.find((one) => one.marked)?.text).toBe('needle');
    const text = shown.map((one) => one.text).join('');
    expect(text.length).toBeLessThan(170);
    expect(text.indexOf('needle')).toBeLessThan(50);
    expect(text.startsWith('…') && text.endsWith('…')).toBe(true);
    expect(snippetOf('short\nneedle', 'needle').map((one) => one.text)).toEqual(['short ', 'needle']);
  });
});

const field = () => screen.getByRole<HTMLInputElement>('searchbox');
const panel = () => screen.getByRole('complementary', { name: 'Search messages' });
const results = () => within(panel()).queryAllByRole('listitem');

describe('Search (G2)', () => {
  it('opens with Enter the first result of the words in the field, never one of earlier words', async () => {
    const { port, user } = await showMorning('kevin');
    await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    await user.type(field(), 'RELAY nigh');
    await waitFor(() => expect(results()).toHaveLength(2));
    const opened = () => port.calls.filter(({ name }) => name === 'history.around').length;
    const before = opened();
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    port.answer('history.search', async () => {
      await answered;
      return succeeded({ messages: [] });
    });
    await user.clear(field());
    await user.type(field(), 'nobody said this{Enter}');
    await waitFor(() => expect(port.calls.at(-1)?.name).toBe('history.search'));
    await happen(() => answer());
    await waitFor(() => expect(within(panel()).getByRole('status').textContent).toBe('Nothing found.'));
    expect(screen.getByRole('main', { name: 'Conversation with kevin' })).toBeTruthy();
    expect(opened()).toBe(before);
  });

  it('opens with Enter a result that arrives later', async () => {
    const { user } = await showMorning('kevin');
    await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    await user.type(field(), 'relay nigh{Enter}');
    await waitFor(() => expect(screen.getByRole('main', { name: 'Conversation with hans' })).toBeTruthy());
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])(
    'opens nothing with the Enter that ends a composed letter',
    async (sign) => {
      const { user } = await showMorning('kevin');
      await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
      await user.type(field(), 'relay nigh');
      await waitFor(() => expect(results()).toHaveLength(2));
      fireEvent.keyDown(field(), { key: 'Enter', ...sign });
      await happen(() => undefined);
      expect(screen.getByRole('main', { name: 'Conversation with kevin' })).toBeTruthy();
    },
  );

  it('shows results formatted, with the words marked', async () => {
    const { port, user } = await showMorning('kevin');
    await happen(() =>
      port.add({
        position: 905,
        id: 'formed',
        conversation: '@hans',
        from: 'hans',
        to: 'kev',
        incoming: true,
        text: 'it takes **sixty seconds** and `rm -r`',
        at: NOW,
        status: { state: 'received' },
      }),
    );
    await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    await user.type(field(), 'takes sixty');
    await waitFor(() => expect(results()).toHaveLength(1));
    expect(results()[0]?.textContent).toContain('it takes sixty seconds and rm -r');
    expect(
      within(panel())
        .getAllByText(/takes|sixty/)
        .filter(({ tagName }) => tagName === 'MARK'),
    ).toHaveLength(2);
  });

  it('finds parts of words in all conversations or one, and opens the message', async () => {
    const { port, user } = await showMorning('kevin');
    await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    await user.type(field(), 'RELAY nigh');
    await waitFor(() => expect(results()).toHaveLength(2));
    expect(results()[0]?.textContent).toContain('hans');
    expect(within(panel()).getAllByText('relay')[0]?.tagName).toBe('MARK');
    expect(within(panel()).getByRole('status').textContent).toBe('2 results');

    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(screen.getByRole('main', { name: 'Conversation with hans' })).toBeTruthy();
    await waitFor(() =>
      expect(document.activeElement?.closest('article')?.textContent).toContain('the relay drops me every night'),
    );
    expect(panel()).toBeTruthy();

    await user.keyboard('{Control>}f{/Control}');
    expect(document.activeElement).toBe(field());
    expect(field().value).toBe('RELAY nigh');
    expect(port.calls.findLast(({ name }) => name === 'history.search')?.params).toMatchObject({ text: 'RELAY nigh' });
    await waitFor(() =>
      expect(port.calls.findLast(({ name }) => name === 'history.search')?.params).toMatchObject({
        conversation: '@hans',
      }),
    );
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('searchbox')).toBeNull();
  });

  it('continues after steps that find nothing, and drops results of an earlier search', async () => {
    const { port, user } = await showMorning();
    const message = port.messages.get('@hans')?.[0];
    if (message === undefined) throw new Error('no message');
    const asked: { readonly text: string }[] = [];
    port.answer('history.search', (params) => {
      asked.push(params);
      return params.before === undefined
        ? succeeded({ messages: [], next: 900 })
        : params.before === 900
          ? succeeded({ messages: [message], next: 300 })
          : succeeded({ messages: [] });
    });
    await user.keyboard('{Control>}f{/Control}');
    await user.type(field(), 'abc');
    // A slow typist has searched for fewer letters before.
    await waitFor(() =>
      expect(asked.filter(({ text }) => text === 'abc')).toEqual([
        { text: 'abc', conversation: '@hans', limit: 50 },
        { text: 'abc', conversation: '@hans', limit: 50, before: 900 },
        { text: 'abc', conversation: '@hans', limit: 49, before: 300 },
      ]),
    );
    await waitFor(() => expect(results()).toHaveLength(1));
    expect(within(panel()).getByRole('status').textContent).toBe('1 result');
  });

  it('shows earlier results on request', async () => {
    const world = new DemoWorld(NOW).fill();
    for (let n = 0; n < 120; n++) world.say('hans', 'kev', `needle ${n}`, NOW);
    const user = await show(world.port);
    await user.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    await user.type(field(), 'needle');
    await waitFor(() => expect(results()).toHaveLength(50));
    await user.click(screen.getByRole('button', { name: 'Earlier results' }));
    await waitFor(() => expect(results()).toHaveLength(100));
    await user.click(screen.getByRole('button', { name: 'Earlier results' }));
    await waitFor(() => expect(results()).toHaveLength(120));
    expect(screen.queryByRole('button', { name: 'Earlier results' })).toBeNull();
  });

  it('shows why it failed, and that a message is deleted', async () => {
    const { port, user } = await showMorning();
    port.answer('history.search', () => failed('storage-here'));
    await user.keyboard('{Control>}f{/Control}');
    await user.type(field(), 'relay');
    await within(panel()).findByText(/could not be saved on this computer/);
    port.answer('history.search', () =>
      succeeded({ messages: [{ ...(port.messages.get('@hans')?.[0] ?? never()), position: 7_777 }] }),
    );
    await user.type(field(), 's');
    await waitFor(() => expect(results()).toHaveLength(1));
    await user.click(within(results()[0] ?? panel()).getByRole('button'));
    expect(await screen.findAllByText('This message is no longer on this computer.')).not.toHaveLength(0);
  });

  it('drops deleted messages', async () => {
    const { port, user } = await showMorning();
    await user.keyboard('{Control>}f{/Control}');
    await user.type(field(), 'works');
    await waitFor(() => expect(results()).toHaveLength(1));
    const found = port.messages.get('@hans')?.at(-1);
    await happen(() => port.emit('message.removed', { id: found?.id ?? '', conversation: '@hans' }));
    expect(results()).toHaveLength(0);
  });
});

describe('Deletion of a message (G3)', () => {
  it('starts with its button and not with a single key, is explained, and leaves other messages', async () => {
    const { port, user } = await showMorning();
    screen.getByRole('feed').focus();
    await user.keyboard('{ArrowUp}');
    await waitFor(() => expect(document.activeElement?.closest('article')?.textContent).toContain('works!'));
    await user.keyboard('{Delete}');
    expect(screen.queryByRole('dialog')).toBeNull();
    const article = document.activeElement as HTMLElement;
    await user.click(within(article).getByRole('button', { name: 'Delete here' }));
    const dialog = screen.getByRole('dialog', { name: 'Delete this message here?' });
    expect(within(dialog).getByText(/hans keeps a copy/)).toBeTruthy();
    await user.click(within(dialog).getByRole('button', { name: 'Delete here' }));
    expect(within(screen.getByRole('feed')).queryByText('works!')).toBeNull();
    expect(port.messages.get('@hans')?.some(({ text }) => text === 'works!')).toBe(false);
    expect(within(screen.getByRole('feed')).getByText(/trying it now/)).toBeTruthy();
  });

  it('leaves the focus in the conversation', async () => {
    const { port, user } = await showMorning();
    const feed = screen.getByRole('feed');
    feed.focus();
    await user.keyboard('{ArrowUp}');
    await waitFor(() => expect(document.activeElement?.closest('article')?.textContent).toContain('works!'));
    const id = port.messages.get('@hans')?.find(({ text }) => text === 'works!')?.id ?? never();
    await happen(() => port.emit('message.removed', { id, conversation: '@hans' }));
    expect(document.activeElement).toBe(feed);
    await user.click(screen.getByRole('textbox', { name: /message/i }));
    await happen(() => port.emit('typing.changed', { username: 'hans', typing: true }));
    expect(document.activeElement).not.toBe(feed);
  });

  it('is not offered for a waiting message, which can be cancelled', async () => {
    const { port, user } = await showMorning();
    await happen(() =>
      port.add({
        ...(port.messages.get('@hans')?.at(-1) ?? never()),
        position: 950,
        id: 'w',
        text: 'waits',
        incoming: false,
        status: { state: 'queued', attempted: false },
      }),
    );
    const row = within(screen.getByRole('feed')).getByText('waits').closest('article') ?? never();
    await user.hover(row);
    expect(within(row).queryByRole('button', { name: 'Delete here' })).toBeNull();
    expect(within(row).getByRole('button', { name: 'Copy message' })).toBeTruthy();
  });

  it('has a button only at the message with the pointer or the focus', async () => {
    const { user } = await showMorning();
    const feed = screen.getByRole('feed');
    const tools = () => within(feed).queryAllByRole('button', { name: 'Delete here' });
    expect(tools()).toHaveLength(0);
    await user.hover(within(feed).getByText('works!'));
    expect(tools().map((tool) => tool.closest('article')?.textContent)).toEqual([expect.stringContaining('works!')]);
    await user.unhover(within(feed).getByText('works!'));
    expect(tools()).toHaveLength(0);
    feed.focus();
    await user.keyboard('{ArrowUp}');
    await waitFor(() => expect(tools()).toHaveLength(1));
    expect(tools()[0]?.closest('article')).toBe(document.activeElement);
  });

  it('leaves the focus unchanged if the user clicks its button', async () => {
    const { user } = await showMorning();
    const area = screen.getByRole('textbox', { name: /message/i });
    await user.click(area);
    await user.hover(within(screen.getByRole('feed')).getByText('works!'));
    const copy = screen.getByRole('button', { name: 'Copy message' });
    // A browser moves the focus unless the event's default is prevented.
    expect(fireEvent.mouseDown(copy)).toBe(false);
    fireEvent.click(copy);
    await waitFor(() => expect(screen.getAllByText('Copied.').length).toBeGreaterThan(0));
    expect(document.activeElement).toBe(area);
  });
});

function never(): never {
  throw new Error('no message');
}
