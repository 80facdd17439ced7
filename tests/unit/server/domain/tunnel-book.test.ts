import { describe, expect, it } from 'vitest';
import { TunnelBook } from '../../../../server/src/domain/tunnel-book.ts';
import { nodeCrypto } from '../../../../server/src/node-crypto.ts';

const MINUTE = 60_000;

function tokenFor(book: TunnelBook, sid: string, person: number, now = 0): string {
  const admission = book.admit(sid, person, now);
  if (!admission) throw new Error('no place');
  return admission.token;
}

/** Brings a token in, as the relay does. */
function enter(book: TunnelBook, token: string, now = 0) {
  const admission = book.redeem(token, now);
  if (admission) book.entered(admission);
  return admission;
}

describe('the book of tunnels (F4)', () => {
  it('gives each side 256 bits of its own, good once and for one minute', () => {
    const book = new TunnelBook(nodeCrypto);
    const admission = book.admit('s', 1, 1_000);
    expect(admission?.expiresAt).toBe(1_000 + MINUTE);
    const token = admission?.token ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const other = tokenFor(book, 's', 2);
    expect(other).not.toBe(token);
    expect(book.redeem(token, 0)).toMatchObject({ sid: 's', person: 1 });
    expect(book.redeem(token, 0)).toBeUndefined();
    expect(book.redeem('', 0)).toBeUndefined();
    expect(book.redeem(other, MINUTE)).toBeUndefined();
    expect(book.redeem(other, 0)).toBeUndefined();
  });

  it('lets a new token take the place of the former', () => {
    const book = new TunnelBook(nodeCrypto);
    const former = tokenFor(book, 's', 1);
    const newer = tokenFor(book, 's', 1);
    expect(book.redeem(former, 0)).toBeUndefined();
    expect(book.redeem(newer, 0)).toMatchObject({ sid: 's', person: 1 });
  });

  it('forgets the tokens of a session that has ended, and no others', () => {
    const book = new TunnelBook(nodeCrypto);
    const tokens = [tokenFor(book, 's', 1), tokenFor(book, 's', 2)];
    const other = tokenFor(book, 't', 1);
    book.forget('s');
    for (const token of tokens) expect(book.redeem(token, 0)).toBeUndefined();
    expect(book.redeem(other, 0)).toMatchObject({ sid: 't' });
  });

  it('keeps tokens for the next tunnel when the former ends', () => {
    const book = new TunnelBook(nodeCrypto);
    enter(book, tokenFor(book, 's', 1));
    enter(book, tokenFor(book, 's', 2));
    const next = tokenFor(book, 's', 1);
    book.ended('s', 0);
    expect(book.redeem(next, 0)).toMatchObject({ sid: 's', person: 1 });
  });

  it('has four places for a person: while a token is good, or a connection is inside', () => {
    const book = new TunnelBook(nodeCrypto);
    const tokens = ['a', 'b', 'c', 'd'].map((sid) => tokenFor(book, sid, 1));
    expect(book.admit('e', 1, 0)).toBeUndefined();
    expect(book.admit('e', 2, 0)).toBeDefined();
    // For a tunnel that one has already there is a place.
    expect(book.admit('d', 1, 0)).toBeDefined();
    enter(book, tokens[0] ?? '');
    expect(book.admit('e', 1, 0)).toBeUndefined();
    book.ended('a', 0);
    tokenFor(book, 'e', 1);
    expect(book.admit('f', 1, MINUTE - 1)).toBeUndefined();
    // Nobody came with the others.
    expect(book.admit('f', 1, MINUTE)).toBeDefined();
  });

  it('does not hold a place beyond the minute for a token that came too late', () => {
    const book = new TunnelBook(nodeCrypto);
    const tokens = ['a', 'b', 'c', 'd'].map((sid) => tokenFor(book, sid, 1));
    expect(enter(book, tokens[0] ?? '', MINUTE)).toBeUndefined();
    expect(book.admit('e', 1, 0)).toBeDefined();
  });

  it('holds the place of one inside for as long as the tunnel lasts', () => {
    const book = new TunnelBook(nodeCrypto);
    for (const sid of ['a', 'b', 'c', 'd']) enter(book, tokenFor(book, sid, 1));
    expect(book.admit('e', 1, 60 * MINUTE)).toBeUndefined();
    book.forget('b');
    expect(book.admit('e', 1, 60 * MINUTE)).toBeDefined();
  });

  it('has 512 tunnels in all, and always room for the other side of one', () => {
    const book = new TunnelBook(nodeCrypto);
    for (let n = 0; n < 512; n++) tokenFor(book, `s${n}`, 1_000 + n);
    expect(book.admit('more', 1, 0)).toBeUndefined();
    expect(book.admit('s0', 1, 0)).toBeDefined();
    book.forget('s1');
    expect(book.admit('more', 1, 0)).toBeDefined();
  });
});
