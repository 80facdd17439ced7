import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewIncoming, NewOutgoing } from '../../../src/core/ports.ts';
import type { MessageStatus } from '../../../src/shared/client-api/view-state.ts';
import { LATEST_TIME } from '../../../src/shared/protocol/time.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';
import { bundleProgram } from '../../support/client-bundle.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-history-'));
  file = join(folder, 'deep', 'history.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const uuid = (n: number) => `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const incoming = (n: number, from = 'hans'): NewIncoming => ({
  id: uuid(n),
  conversation: `@${from}`,
  from,
  to: 'kevin',
  text: `text ${n}`,
  at: n,
});
const outgoing = (n: number): NewOutgoing => ({
  ...incoming(n),
  conversation: '@hans',
  from: 'kevin',
  to: 'hans',
  status: { state: 'queued', attempted: false },
});

function using<T>(work: (history: SqliteHistory) => T): T {
  const history = new SqliteHistory(file);
  try {
    return work(history);
  } finally {
    history.close();
  }
}

describe('History on disk', () => {
  it('finds the first unread message of a conversation, and the first one since a time', () => {
    using((history) => {
      history.commit([incoming(1), incoming(2, 'lena'), incoming(3)], []);
      history.addOutgoing(outgoing(4));
      history.commit([incoming(5)], []);
      expect(history.firstUnread('@hans')).toBe(1);
      history.markRead('@hans', 3);
      expect(history.firstUnread('@hans')).toBe(5);
      history.markRead('@hans', 5);
      expect(history.firstUnread('@hans')).toBeUndefined();
      expect(history.firstUnread('@nobody')).toBeUndefined();
      expect([0, 3, 4, 6].map((at) => history.firstSince('@hans', at))).toEqual([1, 3, 4, undefined]);
    });
  });

  it('is readable for its owner only', () => {
    using((history) => {
      history.commit([incoming(1)], []);
      expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
      for (const name of ['history.db', 'history.db-wal']) {
        expect(statSync(join(folder, 'deep', name)).mode & 0o077).toBe(0);
      }
    });
  });

  it('reads a stored time that no calendar has as the closest that it has (G11)', () => {
    using((history) => {
      history.commit(
        [
          { ...incoming(1), at: Number.MAX_SAFE_INTEGER },
          { ...incoming(2), at: -5 },
        ],
        [],
      );
      expect(history.page('@hans', undefined, 9).map(({ at }) => at)).toEqual([LATEST_TIME, 0]);
      expect(history.conversations()[0]?.last?.at).toBe(0);
    });
  });

  it('keeps messages, states and the outbox over a restart', () => {
    const text = 'ä\n\u2028 🙂 \u0000 end';
    using((history) => {
      history.commit([{ ...incoming(1), text }], []);
      for (const n of [2, 3, 4, 5]) history.addOutgoing(outgoing(n));
      history.markAttempted([uuid(4)]);
      history.commit(
        [],
        [
          { id: uuid(2), status: { state: 'delivered' } },
          { id: uuid(3), status: { state: 'refused', reason: 'blocked' } },
        ],
      );
      history.remove(uuid(5));
      history.addOutgoing({
        id: uuid(6),
        conversation: '#everyone',
        from: 'kevin',
        text: 'all',
        at: 6,
        status: { state: 'broadcast', recipients: 3, someBlocked: true },
      });
    });
    using((history) => {
      expect(history.page('@hans', undefined, 10)).toMatchObject([
        { id: uuid(1), incoming: true, from: 'hans', to: 'kevin', text, status: { state: 'received' } },
        { id: uuid(2), incoming: false, from: 'kevin', to: 'hans', status: { state: 'delivered' } },
        { id: uuid(3), status: { state: 'refused', reason: 'blocked' } },
        { id: uuid(4), status: { state: 'queued', attempted: true } },
      ]);
      expect(history.outbox().map(({ id }) => id)).toEqual([uuid(4)]);
      const [everyone] = history.page('#everyone', undefined, 10);
      expect(everyone?.status).toEqual({ state: 'broadcast', recipients: 3, someBlocked: true });
      expect(everyone).not.toHaveProperty('to');
    });
  });

  it('finds an outgoing message by sender and id only (D3)', () => {
    using((history) => {
      history.commit([incoming(1)], []);
      const own = history.addOutgoing(outgoing(2));
      expect(history.outgoing('kevin', uuid(2))).toEqual(own);
      expect(history.outgoing('hans', uuid(1))).toBeUndefined();
      expect(history.outgoing('hans', uuid(2))).toBeUndefined();
    });
  });

  it('stores a message once, by sender and id (D3)', () => {
    using((history) => {
      expect(history.commit([incoming(1), incoming(2), incoming(1)], []).added.map(({ id }) => id)).toEqual([
        uuid(1),
        uuid(2),
      ]);
      expect(history.commit([incoming(2), incoming(2, 'yoda')], []).added.map(({ from }) => from)).toEqual(['yoda']);
      expect(() => history.addOutgoing(outgoing(1))).not.toThrow();
      expect(() => history.addOutgoing(outgoing(1))).toThrow();
    });
  });

  it('settles a message once: a late answer does not change it', () => {
    using((history) => {
      history.addOutgoing(outgoing(1));
      history.commit([], [{ id: uuid(1), status: { state: 'delivered' } }]);
      history.commit([], [{ id: uuid(1), status: { state: 'refused', reason: 'blocked' } }]);
      expect(history.page('@hans', undefined, 1)[0]?.status).toEqual({ state: 'delivered' });
    });
  });

  it('writes all of a commit or nothing', () => {
    using((history) => {
      history.addOutgoing(outgoing(9));
      const broken = { ...incoming(2), text: undefined as unknown as string };
      const settled = [{ id: uuid(9), status: { state: 'delivered' as const } }];
      expect(() => history.commit([incoming(1), broken], settled)).toThrow();
      expect(history.page('@hans', undefined, 10).map(({ id }) => id)).toEqual([uuid(9)]);
      expect(history.outbox()).toHaveLength(1);
      expect(history.commit([incoming(1)], []).added).toHaveLength(1);
    });
  });

  it('moves a status forward only, and returns what has changed (D2)', () => {
    using((history) => {
      history.addOutgoing(outgoing(1));
      const commit = (...states: MessageStatus[]) =>
        history.commit(
          [],
          states.map((status) => ({ id: uuid(1), status })),
        ).changed;
      expect(commit({ state: 'stored' }, { state: 'stored' })).toMatchObject([{ id: uuid(1), conversation: '@hans' }]);
      expect(commit({ state: 'delivered' })).toMatchObject([{ status: { state: 'delivered' } }]);
      expect(commit({ state: 'stored' }, { state: 'refused', reason: 'expired' })).toEqual([]);
      expect(history.outgoing('kevin', uuid(1))?.status).toEqual({ state: 'delivered' });
      expect(history.commit([], [{ id: uuid(2), status: { state: 'delivered' } }]).changed).toEqual([]);
    });
  });

  it('takes the time of the server with a status that has one (D10)', () => {
    using((history) => {
      history.addOutgoing(outgoing(5));
      const [stored] = history.commit([], [{ id: uuid(5), status: { state: 'stored' }, at: 99 }]).changed;
      expect(stored?.at).toBe(99);
      const [delivered] = history.commit([], [{ id: uuid(5), status: { state: 'delivered' } }]).changed;
      expect(delivered?.at).toBe(99);
    });
  });

  it('returns conversations with their last message and unread count', () => {
    using((history) => {
      const { added } = history.commit([incoming(1), incoming(2), incoming(3, 'yoda')], []);
      history.addOutgoing(outgoing(4));
      expect(history.conversations()).toMatchObject([
        { id: '@hans', username: 'hans', unread: 2, last: { id: uuid(4) } },
        { id: '@yoda', username: 'yoda', unread: 1 },
      ]);
      expect(history.markRead('@hans', added[0]?.position ?? 0)).toBe(1);
      expect(history.markRead('@hans', 1_000)).toBe(0);
      expect(history.markRead('@hans', 1)).toBe(0);
      expect(history.conversations()[0]?.unread).toBe(0);
    });
  });

  it('pages backwards through a long conversation', () => {
    using((history) => {
      history.commit(
        Array.from({ length: 25 }, (_one, n) => incoming(n)),
        [],
      );
      const seen: string[] = [];
      let before: number | undefined;
      for (;;) {
        const page = history.page('@hans', before, 10);
        if (page.length === 0) break;
        seen.unshift(...page.map(({ text }) => text));
        before = page[0]?.position;
      }
      expect(seen).toEqual(Array.from({ length: 25 }, (_one, n) => `text ${n}`));
    });
  });

  it('refuses a second client with a sentence for users', () => {
    using(() => {
      expect(() => new SqliteHistory(file)).toThrow('This account is already open in another client');
    });
    using((history) => expect(history.outbox()).toEqual([]));
  });
});

it.each([
  ['incoming', undefined],
  ['outgoing', undefined],
  ['incoming', 'a key'],
])(
  'History loses no returned message if the process is killed at any moment: %s %s (D3)',
  async (kind, encryptionKey) => {
    const bundle = await bundleProgram(new URL('../../support/client-history-child.ts', import.meta.url));
    try {
      for (let round = 0; round < 3; round++) {
        const target = `${file}-${round}`;
        const child = spawn(
          process.execPath,
          [bundle.file, target, kind, ...(encryptionKey === undefined ? [] : [encryptionKey])],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        let last = -1;
        for await (const line of createInterface({ input: child.stdout })) {
          last = Number(line);
          if (last === 50 + round * 37) child.kill('SIGKILL');
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        expect(child.signalCode).toBe('SIGKILL');
        const history = new SqliteHistory(target, { encryptionKey });
        expect(history.search({ text: 'text', limit: 100 }).messages).not.toHaveLength(0);
        const texts = history.page('@hans', undefined, 1_000_000).map(({ text }) => text);
        expect(texts.length).toBeGreaterThanOrEqual(last + 1);
        expect(texts).toEqual(texts.map((_text, n) => `text ${n}`));
        expect(history.outbox()).toHaveLength(kind === 'outgoing' ? texts.length : 0);
        history.close();
      }
    } finally {
      bundle.remove();
    }
  },
);
