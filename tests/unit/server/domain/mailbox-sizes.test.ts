import { describe, expect, it } from 'vitest';
import { MailboxSizes } from '../../../../server/src/domain/mailbox-sizes.ts';

describe('MailboxSizes (I3, ASIDE-7.1-7)', () => {
  it('allow 10,000 messages', () => {
    const sizes = new MailboxSizes([]);
    for (let i = 0; i < 10_000; i++) expect(sizes.reserve(1, 1)).toBe(true);
    expect(sizes.reserve(1, 1)).toBe(false);
    expect(sizes.messages(1)).toBe(10_000);
    expect(sizes.reserve(2, 1)).toBe(true);
    sizes.release(1, { messages: 1, bytes: 1 });
    expect(sizes.reserve(1, 1)).toBe(true);
    expect(sizes.reserve(1, 1)).toBe(false);
  });

  it('allow 64 MiB of text', () => {
    const sizes = new MailboxSizes([]);
    for (let i = 0; i < 64; i++) expect(sizes.reserve(1, 1024 * 1024)).toBe(true);
    expect(sizes.reserve(1, 1)).toBe(false);
    expect(sizes.messages(1)).toBe(64);
    sizes.release(1, { messages: 1, bytes: 1024 * 1024 });
    expect(sizes.reserve(1, 1024 * 1024 + 1)).toBe(false);
    expect(sizes.reserve(1, 1024 * 1024)).toBe(true);
  });

  it('continue after a restart, and can be forgotten', () => {
    const sizes = new MailboxSizes([{ account: 1, messages: 2, bytes: 20 }], { messages: 3, bytes: 100 });
    expect(sizes.messages(1)).toBe(2);
    expect(sizes.reserve(1, 1)).toBe(true);
    expect(sizes.reserve(1, 1)).toBe(false);
    sizes.forget(1);
    expect(sizes.messages(1)).toBe(0);
    expect(sizes.reserve(1, 100)).toBe(true);
  });

  it('allow the full size again after a mailbox was emptied', () => {
    const sizes = new MailboxSizes([], { messages: 2, bytes: 10 });
    sizes.reserve(1, 10);
    sizes.release(1, { messages: 1, bytes: 10 });
    expect(sizes.reserve(1, 10)).toBe(true);
    sizes.release(2, { messages: 1, bytes: 1 });
    expect(sizes.messages(2)).toBe(0);
  });
});
