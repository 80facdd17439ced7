import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportToFile, importFromFile } from '../../../src/node/history/history-files.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';
import { ClientSetup } from '../../support/client-setup.ts';

let folder: string;
let opened: SqliteHistory[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-files-'));
});
afterEach(() => {
  for (const history of opened) history.close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function person(name: string) {
  const history = new SqliteHistory(join(folder, name, 'history.db'));
  opened.push(history);
  return { history, setup: new ClientSetup(1, { username: 'kevin' }, history) };
}

const message = (n: number) => ({
  id: `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`,
  conversation: '@hans',
  from: 'hans',
  to: 'kevin',
  text: `ü${'\u2028\n'.repeat(n % 3)} ${n}`,
  at: n,
});

describe('a history in a file (G8)', () => {
  it('comes back from it whole, and the file is for its owner only', async () => {
    const { history, setup } = person('one');
    history.commit(
      Array.from({ length: 1_234 }, (_one, n) => message(n)),
      [],
    );
    const file = join(folder, 'history.jsonl');
    writeFileSync(file, 'was here before');
    chmodSync(file, 0o644);
    expect(await exportToFile(setup.client, file, { format: 'json' })).toEqual({ ok: true, result: {} });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['history.jsonl', 'one']);

    const other = person('other');
    const added = { added: 1_234, repeated: 0, faulty: 0, faults: [] };
    expect(await importFromFile(other.setup.client, file)).toEqual({ ok: true, result: added });
    const texts = (one: SqliteHistory) => one.page('@hans', undefined, 9_999).map(({ text }) => text);
    expect(texts(other.history)).toEqual(texts(history));
    expect(other.setup.told('history.replaced')).toHaveLength(1);
    const html = join(folder, 'history.html');
    await exportToFile(setup.client, html, { format: 'html' });
    expect(readFileSync(html, 'utf8').match(/<p/g)).toHaveLength(1_234);
    expect(statSync(html).mode & 0o777).toBe(0o600);
  });

  it('names bad lines by their number in the file, and takes the others', async () => {
    const { setup, history } = person('one');
    const line = (n: number) => {
      const { conversation: _conversation, ...rest } = message(n);
      return JSON.stringify({ ...rest, incoming: true, status: { state: 'received' } });
    };
    const lines = Array.from({ length: 1_000 }, (_one, n) => line(n));
    lines[450] = 'x'.repeat(3_000_000);
    lines[777] = '{}';
    const file = join(folder, 'some.jsonl');
    writeFileSync(file, `\ufeff${lines.join('\r\n')}`);
    const outcome = await importFromFile(setup.client, file);
    expect(outcome).toMatchObject({ result: { added: 998, repeated: 0, faulty: 2 } });
    expect(outcome.ok && outcome.result.faults.map((one) => one.line)).toEqual([451, 778]);
    expect(history.page('@hans', undefined, 9_999).map(({ at }) => at)).toHaveLength(998);
    writeFileSync(file, 'no history\n'.repeat(5_000));
    const none = await importFromFile(setup.client, file);
    expect(none).toMatchObject({ result: { added: 0, faulty: 5_000 } });
    expect(none.ok && none.result.faults).toHaveLength(100);
  });

  it('tells when a file cannot be read or written, and leaves nothing behind', async () => {
    const { setup } = person('one');
    expect(await importFromFile(setup.client, join(folder, 'none'))).toMatchObject({
      failure: { reason: 'storage-here', text: expect.stringContaining('cannot be read') },
    });
    const nowhere = join(folder, 'none', 'file');
    expect(await exportToFile(setup.client, nowhere, { format: 'html' })).toMatchObject({ ok: false });
    expect(await exportToFile(setup.client, join(folder, 'one'), { format: 'html' })).toMatchObject({ ok: false });
    expect(readdirSync(folder)).toEqual(['one']);
  });
});
