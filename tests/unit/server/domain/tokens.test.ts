import { describe, expect, it } from 'vitest';
import { type IssuedToken, Tokens } from '../../../../server/src/domain/tokens.ts';
import { nodeCrypto } from '../../../../server/src/node-crypto.ts';

const DAY_MS = 86_400_000;
const DEVICE = 'device';
const tokens = new Tokens(nodeCrypto);

function present(issued: IssuedToken) {
  const presented = tokens.parse(issued.token);
  if (!presented) throw new Error('an issued token must parse');
  return presented;
}

const rotate = (issued: IssuedToken, now: number, family = issued.family) =>
  tokens.rotate(family, present(issued), now);

describe('Resumption tokens (B4, ASIDE-5.5)', () => {
  it('are valid for their device, and stored as a hash only', () => {
    const issued = tokens.issue(7, DEVICE, 1_000);
    expect(tokens.judge(issued.family, present(issued), DEVICE, 1_000)).toBe('good');
    expect(issued.family).toMatchObject({ account: 7, deviceId: DEVICE, createdAt: 1_000, previousHash: null });
    const kept = JSON.stringify(issued.family.currentHash) + issued.family.id;
    expect(kept).not.toContain(issued.token.split('.')[1]);
    expect(Buffer.from(issued.family.currentHash).equals(Buffer.from(present(issued).secret))).toBe(false);
  });

  it('hold 256 bits that never repeat', () => {
    const seen = new Set(Array.from({ length: 1_000 }, () => tokens.issue(1, DEVICE, 0).token));
    expect(seen.size).toBe(1_000);
    expect(present(tokens.issue(1, DEVICE, 0)).secret.length).toBe(32);
  });

  it('are replaced at each use; the previous one stays valid for 60 s', () => {
    const first = tokens.issue(1, DEVICE, 0);
    const second = rotate(first, 10_000);
    expect(second.family.id).toBe(first.family.id);
    expect(second.token).not.toBe(first.token);
    expect(tokens.judge(second.family, present(second), DEVICE, 10_000)).toBe('good');
    expect(tokens.judge(second.family, present(first), DEVICE, 69_999)).toBe('good');
    expect(tokens.judge(second.family, present(first), DEVICE, 70_000)).toBe('reused');
  });

  it('can be used again after a lost answer: the used one stays the previous one', () => {
    const first = tokens.issue(1, DEVICE, 0);
    const lost = rotate(first, 1_000);
    const second = rotate(first, 2_000, lost.family);
    expect(tokens.judge(second.family, present(second), DEVICE, 3_000)).toBe('good');
    expect(tokens.judge(second.family, present(first), DEVICE, 3_000)).toBe('good');
    expect(tokens.judge(second.family, present(lost), DEVICE, 3_000)).toBe('reused');
  });

  it('are treated as stolen if they are older than the previous one, of another device, or never issued', () => {
    const first = tokens.issue(1, DEVICE, 0);
    const second = rotate(first, 1_000);
    const third = rotate(second, 2_000);
    expect(tokens.judge(third.family, present(first), DEVICE, 2_000)).toBe('reused');
    expect(tokens.judge(third.family, present(third), 'another device', 2_000)).toBe('reused');
    expect(tokens.judge(third.family, present(tokens.issue(1, DEVICE, 0)), DEVICE, 2_000)).toBe('reused');
  });

  it('expire 7 days after their issue, whatever is presented', () => {
    const issued = tokens.issue(1, DEVICE, 0);
    expect(issued.family.expiresAt).toBe(7 * DAY_MS);
    expect(tokens.judge(issued.family, present(issued), DEVICE, 7 * DAY_MS - 1)).toBe('good');
    expect(tokens.judge(issued.family, present(issued), DEVICE, 7 * DAY_MS)).toBe('expired');
    expect(rotate(issued, 5 * DAY_MS).family.expiresAt).toBe(12 * DAY_MS);
  });

  it('expire 30 days after the sign-in with the password', () => {
    let issued = tokens.issue(1, DEVICE, 0);
    for (let day = 6; day <= 24; day += 6) issued = rotate(issued, day * DAY_MS);
    expect(issued.family.expiresAt).toBe(30 * DAY_MS);
    expect(rotate(issued, 29 * DAY_MS).family.expiresAt).toBe(30 * DAY_MS);
    expect(tokens.judge(issued.family, present(issued), DEVICE, 30 * DAY_MS)).toBe('expired');
  });

  it.each(['', '.', 'family', 'family.', '.secret', 'a.b.c', 'family.AAAA', 'family.!!!', `family.${'A'.repeat(42)}`])(
    'cannot have the form %j',
    (text) => {
      expect(tokens.parse(text)).toBeUndefined();
    },
  );
});
