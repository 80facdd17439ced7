import { File } from 'node:buffer';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FakePort } from '../../support/demo-page/fake-port.ts';
import { type Outcome, succeeded } from '../../../src/shared/client-api/failure.ts';
import { happen, preparePage, showMorning } from '../../support/renderer.ts';

beforeEach(preparePage);

/** A file that the page gave to the browser's downloads. */
function watchDownloads(): { name: string; file: Blob }[] {
  const saved: { name: string; file: Blob }[] = [];
  const files = new Map<string, Blob>();
  URL.createObjectURL = (file: Blob) => {
    files.set(`blob:${files.size}`, file);
    return `blob:${files.size - 1}`;
  };
  URL.revokeObjectURL = () => undefined;
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function save(
    this: HTMLAnchorElement,
  ) {
    const file = files.get(this.getAttribute('href') ?? '');
    if (file !== undefined) saved.push({ name: this.download, file });
  });
  onTestFinished(() => click.mockRestore());
  return saved;
}

async function openPage(): Promise<Awaited<ReturnType<typeof showMorning>>> {
  const shown = await showMorning();
  await shown.user.keyboard('{Control>},{/Control}');
  await shown.user.click(screen.getByRole('tab', { name: 'History' }));
  return shown;
}

const section = (name: string) => within(screen.getByRole('region', { name }));
const status = (name: string) => section(name).getByRole('status').textContent;
const lastParams = (port: FakePort, command: string) =>
  port.calls.filter(({ name }) => name === command).at(-1)?.params;

describe('History export page (G8)', () => {
  it('saves all conversations or one in the chosen format', async () => {
    const saved = watchDownloads();
    const { port, user } = await openPage();
    port.answer('history.export', () => succeeded({ text: 'line\n', messages: 1_234 }));
    const { getByRole } = section('Save as a file');
    await user.click(getByRole('button', { name: 'Save as a file' }));
    expect(lastParams(port, 'history.export')).toEqual({ format: 'json' });
    await user.click(getByRole('radio', { name: 'HTML, to read' }));
    await user.selectOptions(getByRole('combobox'), 'hans');
    await user.click(getByRole('button', { name: 'Save as a file' }));
    expect(lastParams(port, 'history.export')).toEqual({ format: 'html', conversation: '@hans' });
    expect(saved.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^aside-kev-\d{4}-\d\d-\d\d\.jsonl$/),
      expect.stringMatching(/^aside-kev-hans-.*\.html$/),
    ]);
    expect(status('Save as a file')).toMatch(/^1,234 messages are saved in the file aside-kev-hans-.*\.html/);
  });

  it('shows its progress and makes no file after a cancellation', async () => {
    const saved = watchDownloads();
    const { port, user } = await openPage();
    const waiting: (() => void)[] = [];
    port.answer('history.export', () => {
      const page = succeeded({ text: 'x', messages: 200, next: { position: 1 } });
      return new Promise((resolve) => waiting.push(() => resolve(page)));
    });
    const { getByRole, getByText } = section('Save as a file');
    await user.click(getByRole('button', { name: 'Save as a file' }));
    await act(async () => waiting.shift()?.());
    expect(getByText(/^200 messages saved so far/)).toBeTruthy();
    expect(getByRole('progressbar')).toBeTruthy();
    await user.click(getByRole('button', { name: 'Cancel' }));
    await act(async () => waiting.shift()?.());
    expect(status('Save as a file')).toBe('Cancelled. No file was made.');
    expect(saved).toEqual([]);
    expect(waiting).toEqual([]);
  });

  it('stops when its page is closed', async () => {
    const { port, user } = await openPage();
    const waiting: ((page: Outcome<never>) => void)[] = [];
    port.answer('history.export', () => new Promise((resolve) => waiting.push(resolve)));
    await user.click(section('Save as a file').getByRole('button', { name: 'Save as a file' }));
    await user.click(screen.getByRole('tab', { name: 'About' }));
    const page = succeeded({ text: 'x', messages: 200, next: { position: 1 } }) as never;
    await act(async () => waiting.shift()?.(page));
    expect(waiting).toEqual([]);
  });
});

describe('History import page (G8)', () => {
  const choose = async (port: FakePort, text: string) => {
    const chooser = section('Import').getByLabelText('Choose a file', { selector: 'input' });
    await act(async () => {
      fireEvent.change(chooser, { target: { files: [new File([text], 'aside.jsonl')] } });
    });
    await waitFor(() => expect(status('Import')).not.toBe(''));
    return port;
  };

  it('shows the numbers of added and repeated messages and the skipped lines', async () => {
    const { port } = await openPage();
    port.answer('history.import', ({ lines }) => {
      const faults =
        lines.length === 0 ? [] : [2, 3, 4, 5, 6, 7].map((line) => ({ line, reason: 'wrong-state' as const }));
      return succeeded({ added: lines.length === 0 ? 0 : 12_000, repeated: 3, faults, place: 0 });
    });
    await choose(port, '{"aside":"history","version":1}\nx');
    expect(status('Import')).toContain('12,000 messages were added; 3 were here already.');
    expect(status('Import')).toContain('6 lines were skipped, the first of them:');
    expect(
      section('Import')
        .getAllByRole('listitem')
        .map((one) => one.textContent),
    ).toEqual([2, 3, 4, 5, 6].map((line) => `Line ${line}: The state of this message is not valid.`));
  });

  it('shows one error for a wrong file', async () => {
    const { port } = await openPage();
    await choose(port, 'PK\u0003\u0004 something else');
    expect(status('Import')).toBe(
      'This file is not a history that Aside saved as JSON. Choose a file whose name ends in .jsonl.',
    );
  });
});

describe('Deletion of history (G8)', () => {
  it('explains the deletion and deletes nothing before the confirmation', async () => {
    const { port, user } = await openPage();
    await happen(() => port.emit('outbox.changed', { waiting: 2 }));
    await user.click(section('Delete').getByRole('button', { name: 'Delete…' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Delete all conversations?' }));
    expect(dialog.getByText(/on this computer only; other users keep their copies/)).toBeTruthy();
    expect(dialog.getByText('Messages that still wait to be sent stay.')).toBeTruthy();
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Enter}');
    expect(port.calls.map(({ name }) => name)).not.toContain('history.delete');
  });

  it('deletes one conversation, also from its details panel', async () => {
    const { port, user } = await showMorning();
    await user.click(screen.getAllByRole('button', { name: 'Delete this conversation' })[0] as HTMLElement);
    const dialog = within(screen.getByRole('dialog', { name: 'Delete the conversation with hans?' }));
    await user.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(lastParams(port, 'history.delete')).toEqual({ conversation: '@hans' });
    expect(screen.getByText('Deleted on this computer.', { selector: '*:not([aria-live] *)' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^hans.*works!/ })).toBeNull();
  });

  it('deletes all conversations', async () => {
    const { port, user } = await openPage();
    await user.click(section('Delete').getByRole('button', { name: 'Delete…' }));
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    expect(lastParams(port, 'history.delete')).toEqual({});
    expect(port.view.conversations).toEqual([]);
  });
});

describe('Address rule of a user (F2)', () => {
  it('is set and reset in the details of the user', async () => {
    const { port, user } = await showMorning();
    port.answer('private.revealAddress', ({ reveal }) => {
      const addressRule = { reveal: true, people: reveal === undefined ? {} : { hans: reveal } };
      port.emit('addressRule.replaced', { addressRule });
      return succeeded({ addressRule });
    });
    const checked = () =>
      screen.getAllByRole<HTMLInputElement>('radio', { checked: true }).map((one) => one.labels?.[0]?.textContent);
    expect(checked()).toContain('Default: Directly');
    await user.click(screen.getByRole('radio', { name: 'Through the server, encrypted' }));
    expect(lastParams(port, 'private.revealAddress')).toEqual({ username: 'hans', reveal: false });
    expect(checked()).toContain('Through the server, encrypted');
    await user.click(screen.getByRole('radio', { name: 'Directly' }));
    expect(lastParams(port, 'private.revealAddress')).toEqual({ username: 'hans', reveal: true });
    await user.click(screen.getByRole('radio', { name: /^Default/ }));
    expect(lastParams(port, 'private.revealAddress')).toEqual({ username: 'hans' });
    expect(checked()).toContain('Default: Directly');
  });
});
