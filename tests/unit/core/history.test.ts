import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../../src/core/client.ts';
import type { NewIncoming, NewOutgoing } from '../../../src/core/ports.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';
import {
  type CommandName,
  type CommandParams,
  type CommandResult,
  LINE_FAULTS,
} from '../../../src/shared/client-api/contract.ts';
import { ClientSetup } from '../../support/client-setup.ts';

let folder: string;
let history: SqliteHistory;
let setup: ClientSetup;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-history-'));
  history = new SqliteHistory(join(folder, 'history.db'));
  setup = new ClientSetup(1, { username: 'Kevin' }, history);
});
afterEach(() => {
  history.close();
  rmSync(folder, { recursive: true, force: true });
});

const uuid = (n: number) => `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const incoming = (n: number, text = `text ${n}`, from = 'hans'): NewIncoming => ({
  id: uuid(n),
  conversation: `@${from}`,
  from,
  to: 'Kevin',
  text,
  at: n * 1_000,
});
const outgoing = (n: number, text = `text ${n}`): NewOutgoing => ({
  ...incoming(n, text),
  from: 'Kevin',
  to: 'hans',
  status: { state: 'delivered' },
});
const queued = (n: number): NewOutgoing => ({ ...outgoing(n), status: { state: 'queued', attempted: false } });

async function run<K extends CommandName>(name: K, params: CommandParams<K>, client = setup.client) {
  const outcome = await client.run(name, params);
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.result;
}

/** Exports all pages and checks the number of messages of each. @returns the whole text */
async function exported(format: 'json' | 'html', client: Client = setup.client): Promise<string> {
  let text = '';
  let messages = 0;
  let from: CommandResult<'history.export'>['next'];
  for (let pages = 0; pages < 100; pages++) {
    const page = await run('history.export', { format, ...(from === undefined ? {} : { from }) }, client);
    text += page.text;
    messages += page.messages;
    from = page.next;
    if (from !== undefined) continue;
    expect(messages).toBe(format === 'json' ? text.split('\n').length - 2 : text.split('<p').length - 1);
    return text;
  }
  throw new Error('the export does not end');
}

describe('History pages (G2)', () => {
  it('open at the message of a search result and continue in both directions', async () => {
    history.commit(
      Array.from({ length: 50 }, (_one, n) => incoming(n + 1)),
      [],
    );
    const { messages } = await run('history.search', { text: 'EXT 25', limit: 10 });
    expect(messages.map(({ text }) => text)).toEqual(['text 25']);
    const place = { conversation: '@hans', position: messages[0]?.position ?? 0 };
    const around = await run('history.around', { ...place, limit: 5 });
    expect(around.messages.map(({ text }) => text)).toEqual([23, 24, 25, 26, 27].map((n) => `text ${n}`));
    const on = await run('history.after', { ...place, position: around.messages.at(-1)?.position ?? 0, limit: 2 });
    expect(on.messages.map(({ text }) => text)).toEqual(['text 28', 'text 29']);
    expect((await run('history.around', { ...place, position: 50, limit: 9 })).messages.at(-1)?.text).toBe('text 50');
    const unread = await run('history.unread', { conversation: place.conversation, limit: 5 });
    expect(unread.messages.find(({ position }) => position === unread.first)?.incoming).toBe(true);
    expect(unread.messages.length).toBeLessThanOrEqual(5);
    const since = await run('history.since', { conversation: place.conversation, at: 40_000, limit: 4 });
    expect(since.messages.map(({ at }) => at)).toEqual([39_000, 40_000, 41_000, 42_000]);
    expect(since.first).toBe(since.messages[1]?.position);
    expect(await run('history.since', { conversation: place.conversation, at: 99_000, limit: 4 })).toEqual({
      messages: [],
    });
  });
});

describe('Deletion', () => {
  it('removes one message and updates the last message and the unread count', async () => {
    history.commit([incoming(1), incoming(2)], []);
    const client = setup.start();
    await run('message.delete', { conversation: '@hans', position: 2 });
    expect(client.snapshot().conversations).toMatchObject([{ id: '@hans', unread: 1, last: { text: 'text 1' } }]);
    await run('message.delete', { conversation: '@hans', position: 1 });
    expect(client.snapshot().conversations[0]).not.toHaveProperty('last');
    expect(client.snapshot().conversations).toEqual(history.conversations());
    expect(await client.run('message.delete', { conversation: '@hans', position: 1 })).toMatchObject({
      failure: { reason: 'not-here' },
    });
    expect((await run('history.search', { text: 'text', limit: 9 })).messages).toEqual([]);
  });

  it('refuses a queued message and one of another conversation', async () => {
    history.addOutgoing(queued(1));
    const client = setup.start();
    expect(await client.run('message.delete', { conversation: '@hans', position: 1 })).toMatchObject({
      failure: { reason: 'still-waiting' },
    });
    expect(await client.run('message.delete', { conversation: '@yoda', position: 1 })).toMatchObject({
      failure: { reason: 'not-here' },
    });
    expect(history.outbox()).toHaveLength(1);
  });

  it('removes one conversation or all, but no queued messages', async () => {
    history.commit([incoming(1), incoming(2, 'from yoda', 'yoda')], []);
    history.addOutgoing(queued(3));
    const client = setup.start();
    await run('history.delete', { conversation: '@yoda' });
    expect(client.snapshot().conversations.map(({ id }) => id)).toEqual(['@hans']);
    expect((await run('history.search', { text: 'yoda', limit: 9 })).messages).toEqual([]);
    await run('history.delete', {});
    expect(client.snapshot().conversations).toMatchObject([{ id: '@hans', unread: 0, last: { text: 'text 3' } }]);
    expect((await run('history.search', { text: 'text', limit: 9 })).messages.map(({ text }) => text)).toEqual([
      'text 3',
    ]);
    expect(setup.emitted('history.replaced')).toHaveLength(2);
  });
});

describe('Export and import (G8)', () => {
  it('copy every message into another history, once, in order, marked as read', async () => {
    history.commit(
      Array.from({ length: 450 }, (_one, n) => incoming(n + 1, `é\n\u2028\u0000 "${n + 1}`)),
      [],
    );
    history.addOutgoing({ ...outgoing(500), isPrivate: true });
    history.addOutgoing({ ...outgoing(501), status: { state: 'refused', reason: 'blocked' } });
    history.addOutgoing(queued(502));
    const { to: _to, ...everyone } = incoming(503);
    history.commit([{ ...everyone, conversation: '#everyone' }], []);
    const lines = (await exported('json')).trimEnd().split('\n');
    expect(lines).toHaveLength(454);

    const other = new SqliteHistory(join(folder, 'other.db'));
    other.commit([incoming(7, 'was here'), incoming(900, 'newer')], []);
    const target = new ClientSetup(1, { username: 'kevin' }, other);
    const first = await run('history.import', { lines: lines.slice(0, 300), firstLine: 1, more: true }, target.client);
    expect(first).toMatchObject({ added: 298, repeated: 1, faults: [] });
    const rest = { lines: lines.slice(300), firstLine: 301, place: first.place };
    expect(await run('history.import', rest, target.client)).toMatchObject({ added: 154, repeated: 0, faults: [] });
    const again = await run('history.import', { lines: lines.slice(0, 300), firstLine: 1 }, target.client);
    expect(again).toMatchObject({ added: 0, repeated: 299 });

    const strip = (one: { position: number }) => ({ ...one, position: 0 });
    const wanted = history
      .page('@hans', undefined, 1_000)
      .filter(({ status, id }) => status.state !== 'queued' && id !== uuid(7));
    expect(other.page('@hans', undefined, 1_000).map(strip).slice(0, -2)).toEqual(wanted.map(strip));
    expect(other.page('@hans', undefined, 2).map(({ text }) => text)).toEqual(['was here', 'newer']);
    expect(other.conversations()).toMatchObject([
      { id: '@hans', unread: 2, last: { text: 'newer' } },
      { id: '#everyone', unread: 0, last: { text: 'text 503' } },
    ]);
    expect(target.client.snapshot().conversations).toEqual(other.conversations());
    expect(other.search({ text: '"449', limit: 9 }).messages).toHaveLength(1);
    expect(other.outbox()).toEqual([]);
    other.close();
  });

  it('continue an interrupted import in the order of the file (G8)', async () => {
    history.commit(
      Array.from({ length: 9 }, (_one, n) => incoming(n + 1)),
      [],
    );
    const lines = (await exported('json')).trimEnd().split('\n');
    const other = new SqliteHistory(join(folder, 'other.db'));
    const target = new ClientSetup(1, { username: 'kevin' }, other);
    const texts = () => other.page('@hans', undefined, 99).map(({ text }) => text);
    const wanted = history.page('@hans', undefined, 99).map(({ text }) => text);

    await run('history.import', { lines: lines.slice(0, 5), firstLine: 1 }, target.client);
    expect(texts()).toEqual(wanted.slice(0, 4));
    expect(await run('history.import', { lines, firstLine: 1 }, target.client)).toMatchObject({ added: 5 });
    expect(texts()).toEqual(wanted);

    // A gap in the middle is filled in its place too.
    other.removeAt(other.page('@hans', undefined, 99)[4]?.position ?? 0);
    await run('history.import', { lines, firstLine: 1 }, target.client);
    expect(texts()).toEqual(wanted);
    // The place after a known message may be taken; new messages are then put before all others.
    const { id: _id, ...second } = JSON.parse(lines[2] ?? '') as { id: string };
    const inserted = JSON.stringify({ ...second, id: uuid(77), text: 'new' });
    await run('history.import', { lines: [...lines.slice(0, 3), inserted], firstLine: 1 }, target.client);
    expect(texts()).toEqual(['new', ...wanted]);
    other.close();
  });

  it('refresh the view some seconds after the last part if no end arrives (G8)', async () => {
    history.commit([incoming(1), incoming(2), incoming(3)], []);
    const [head = '', ...lines] = (await exported('json')).trimEnd().split('\n');
    const other = new SqliteHistory(join(folder, 'other.db'));
    const target = new ClientSetup(1, { username: 'kevin' }, other);
    let place: number | undefined;
    const part = async (n: number) => {
      const asked = {
        lines: [head, lines[n] ?? ''],
        firstLine: 1,
        more: true,
        ...(place === undefined ? {} : { place }),
      };
      ({ place } = await run('history.import', asked, target.client));
    };
    await part(0);
    await target.clock.advance(4_900);
    await part(1);
    await target.clock.advance(4_900);
    expect(target.emitted('history.replaced')).toEqual([]);
    await target.clock.advance(200);
    expect(target.emitted('history.replaced')).toEqual([{ conversations: other.conversations() }]);
    expect(target.client.snapshot().conversations).toMatchObject([{ id: '@hans', last: { text: 'text 2' } }]);

    // A finished import refreshes once, and one of a closed account never.
    await part(2);
    await run('history.import', { lines: [head], firstLine: 1 }, target.client);
    await target.clock.advance(20_000);
    expect(target.emitted('history.replaced')).toHaveLength(2);
    await part(2);
    target.client.stop();
    await target.clock.advance(20_000);
    expect(target.emitted('history.replaced')).toHaveLength(2);
    other.close();
  });

  it.each([
    ['of all', undefined],
    ['of that conversation', '@hans'],
  ])('restore a deleted message in its place, from a file %s (G3, G8)', async (_which, conversation) => {
    // Between two messages of hans is always one of another user.
    for (let n = 1; n <= 12; n++) {
      history.commit([n % 3 === 0 ? incoming(n, `yoda ${n}`, 'yoda') : incoming(n, `hans ${n}`)], []);
    }
    const client = setup.start();
    await run('conversation.read', { conversation: '@hans', through: 7 }, client);
    const whole = history.after(undefined, 0, 99);
    const texts = (id: string) => history.page(id, undefined, 99).map(({ text }) => text);
    const wanted = [texts('@hans'), texts('@yoda')];
    const { text } = await run('history.export', {
      format: 'json',
      ...(conversation === undefined ? {} : { conversation }),
    });
    const lines = text.trimEnd().split('\n');
    const unread = () => client.snapshot().conversations.find(({ id }) => id === '@hans')?.unread;
    expect(unread()).toBe(3);

    // One in the middle, two in a row, the newest of the conversation; some read, some unread.
    for (const gone of [[2], [4, 5], [11], [7, 8, 10], [2, 4, 11]]) {
      for (const position of gone) await run('message.delete', { conversation: '@hans', position });
      // A file arrives in parts, which may begin at any line.
      let places: { place?: number; behind?: number } = {};
      for (const [n, line] of lines.entries()) {
        const { place, behind, faults } = await run('history.import', { lines: [line], firstLine: n + 1, ...places });
        places = behind === undefined ? { place } : { place, behind };
        expect(faults).toEqual([]);
      }
      expect([texts('@hans'), texts('@yoda')], `without ${gone.join()}`).toEqual(wanted);
      expect(history.after(undefined, 0, 99)).toEqual(whole);
      expect(unread()).toBe(3);
    }
    await run('conversation.read', { conversation: '@hans', through: 11 }, client);
    expect(unread()).toBe(0);
  });

  it('report the lines that are no message of this account, and import the others', async () => {
    const good = {
      id: uuid(1),
      incoming: true,
      from: 'hans',
      to: 'KEVIN',
      text: 'hi',
      at: 1,
      status: { state: 'received' },
    };
    const bad: unknown[] = [
      { ...good, id: 'x' },
      { ...good, to: 'yoda' },
      { ...good, incoming: false },
      { ...good, text: 'x'.repeat(8_193) },
      { ...good, text: '\ud800' },
      { ...good, at: -1 },
      { ...good, at: 1e300 },
      { ...good, conversation: '@yoda' },
      { ...good, position: 7 },
      { ...good, status: { state: 'queued', attempted: false }, incoming: false, from: 'kevin', to: 'hans' },
      { ...good, status: { state: 'delivered' } },
      { aside: 'history', version: 2 },
      [good],
      null,
      7,
    ];
    const lines = ['{"aside":"history","version":1}', ...bad.map((one) => JSON.stringify(one)), '', 'no json', '{'];
    const result = await run('history.import', { lines: [...lines, JSON.stringify(good)], firstLine: 1 });
    expect(result).toMatchObject({ added: 1, repeated: 0 });
    expect(result.faults.map(({ line }) => line)).toEqual([
      ...bad.map((_one, n) => n + 2),
      bad.length + 3,
      bad.length + 4,
    ]);
    const reasons = Object.fromEntries(result.faults.map(({ line, reason }) => [lines[line - 1], reason]));
    expect(reasons).toMatchObject({
      [JSON.stringify({ ...good, to: 'yoda' })]: 'other-account',
      [JSON.stringify({ ...good, incoming: false })]: 'wrong-state',
      [JSON.stringify({ ...good, at: -1 })]: 'wrong-time',
      [JSON.stringify({ ...good, at: 1e300 })]: 'wrong-time',
      '{"aside":"history","version":2}': 'newer-version',
      'no json': 'not-json',
    });
    expect(new Set(Object.values(reasons)), 'every reason there is').toEqual(new Set(LINE_FAULTS));
    expect(history.page('@hans', undefined, 9)).toMatchObject([{ text: 'hi', conversation: '@hans' }]);
  });

  it('escape every text in HTML', async () => {
    const nasty = `<script>alert(1)</script><img src=x onerror='a'>"&amp;\u0000</p>`;
    history.commit([incoming(1, nasty, '<b>yoda'), { ...incoming(2), at: Number.MAX_SAFE_INTEGER }], []);
    history.commit(
      Array.from({ length: 401 }, (_one, n) => incoming(n + 10)),
      [],
    );
    history.addOutgoing(queued(3));
    const html = await exported('html');
    expect(html.match(/<p/g)).toHaveLength(403);
    expect(html.match(/<h2/g)).toHaveLength(2);
    expect(html.match(/<script|<img|<b>|onerror='|\0/g)).toBeNull();
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;&quot;&amp;amp;\u{fffd}&lt;/p&gt;',
    );
    expect(html.indexOf('text 10<')).toBeLessThan(html.indexOf('text 410<'));
    expect(html.endsWith('</body>\n</html>\n')).toBe(true);
    await run('history.delete', {});
    expect((await exported('json')).split('\n')).toHaveLength(2);
  });
});
