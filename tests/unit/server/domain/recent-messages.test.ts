import { describe, expect, it } from 'vitest';
import type { PendingMessage } from '../../../../server/src/domain/pending-message.ts';
import { RecentMessages } from '../../../../server/src/domain/recent-messages.ts';

const pendingMessage = (from: number, id: string): PendingMessage => ({
  id,
  from,
  fromName: 'Kevin',
  to: 9,
  text: 'hello',
  bytes: 5,
  fingerprint: 42,
  at: 1,
  verdict: undefined,
  requests: [],
});

describe('RecentMessages (D3, ASIDE-7.3)', () => {
  it('finds by sender and id', () => {
    const recent = new RecentMessages([]);
    const message = pendingMessage(1, 'x');
    recent.add(message);
    expect(recent.find(1, 'x')).toBe(message);
    expect(recent.find(2, 'x')).toBeUndefined();
    expect(recent.find(1, 'y')).toBeUndefined();
    expect(recent.find(11, 'x')).toBeUndefined();
  });

  it('finds stored messages after a restart', () => {
    const recent = new RecentMessages([{ from: 1, id: 'x', fingerprint: 7, at: 5 }]);
    expect(recent.find(1, 'x')).toMatchObject({ verdict: 'stored', fingerprint: 7, at: 5 });
  });

  it('forgets a refused message, old or new', () => {
    const recent = new RecentMessages([{ from: 1, id: 'old', fingerprint: 7, at: 5 }]);
    const refused = pendingMessage(1, 'new');
    recent.add(refused);
    recent.remove(refused);
    recent.remove(pendingMessage(1, 'old'));
    expect(recent.find(1, 'new')).toBeUndefined();
    expect(recent.find(1, 'old')).toBeUndefined();
  });

  it('recognises at least the newest 100,000, and is limited', () => {
    const recent = new RecentMessages([]);
    for (let i = 0; i <= 200_000; i++) recent.add(pendingMessage(1, String(i)));
    expect(recent.find(1, '100001')).toBeDefined();
    expect(recent.find(1, '200000')).toBeDefined();
    expect(recent.find(1, '0')).toBeUndefined();
  });

  it('loads no more receipts at the start than one generation holds', () => {
    const receipts = Array.from({ length: 100_001 }, (_, i) => ({ from: 1, id: String(i), fingerprint: 1, at: 1 }));
    const recent = new RecentMessages(receipts);
    expect(recent.find(1, '0')).toBeDefined();
    expect(recent.find(1, '100000')).toBeUndefined();
  });
});
