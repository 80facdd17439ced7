import { describe, expect, it } from 'vitest';
import { TunnelRegistry } from '../../../../server/src/domain/tunnel-registry.ts';
import { nodeCrypto } from '../../../../server/src/node-crypto.ts';

const MINUTE = 60_000;

function tokenFor(registry: TunnelRegistry, sid: string, account: number, now = 0): string {
  const admission = registry.admit(sid, account, now);
  if (!admission) throw new Error('no slot');
  return admission.token;
}

/** Brings a token in, as the relay does. */
function enter(registry: TunnelRegistry, token: string, now = 0) {
  const admission = registry.redeem(token, now);
  if (admission) registry.entered(admission);
  return admission;
}

describe('TunnelRegistry (F4)', () => {
  it('gives each side 256 bits of its own, valid once and for one minute', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    const admission = registry.admit('s', 1, 1_000);
    expect(admission?.expiresAt).toBe(1_000 + MINUTE);
    const token = admission?.token ?? '';
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const other = tokenFor(registry, 's', 2);
    expect(other).not.toBe(token);
    expect(registry.redeem(token, 0)).toMatchObject({ sid: 's', account: 1 });
    expect(registry.redeem(token, 0)).toBeUndefined();
    expect(registry.redeem('', 0)).toBeUndefined();
    expect(registry.redeem(other, MINUTE)).toBeUndefined();
    expect(registry.redeem(other, 0)).toBeUndefined();
  });

  it('replaces the former token by a new one', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    const former = tokenFor(registry, 's', 1);
    const newer = tokenFor(registry, 's', 1);
    expect(registry.redeem(former, 0)).toBeUndefined();
    expect(registry.redeem(newer, 0)).toMatchObject({ sid: 's', account: 1 });
  });

  it('forgets the tokens of an ended session, and no others', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    const tokens = [tokenFor(registry, 's', 1), tokenFor(registry, 's', 2)];
    const other = tokenFor(registry, 't', 1);
    registry.forget('s');
    for (const token of tokens) expect(registry.redeem(token, 0)).toBeUndefined();
    expect(registry.redeem(other, 0)).toMatchObject({ sid: 't' });
  });

  it('keeps tokens for the next tunnel when the former ends', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    enter(registry, tokenFor(registry, 's', 1));
    enter(registry, tokenFor(registry, 's', 2));
    const next = tokenFor(registry, 's', 1);
    registry.ended('s', 0);
    expect(registry.redeem(next, 0)).toMatchObject({ sid: 's', account: 1 });
  });

  it('has four slots for an account, used by a valid token or by a connection', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    const tokens = ['a', 'b', 'c', 'd'].map((sid) => tokenFor(registry, sid, 1));
    expect(registry.admit('e', 1, 0)).toBeUndefined();
    expect(registry.admit('e', 2, 0)).toBeDefined();
    // For a tunnel that one has already there is a slot.
    expect(registry.admit('d', 1, 0)).toBeDefined();
    enter(registry, tokens[0] ?? '');
    expect(registry.admit('e', 1, 0)).toBeUndefined();
    registry.ended('a', 0);
    tokenFor(registry, 'e', 1);
    expect(registry.admit('f', 1, MINUTE - 1)).toBeUndefined();
    // No connection used the other tokens.
    expect(registry.admit('f', 1, MINUTE)).toBeDefined();
  });

  it('frees the slot of an expired token after the minute', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    const tokens = ['a', 'b', 'c', 'd'].map((sid) => tokenFor(registry, sid, 1));
    expect(enter(registry, tokens[0] ?? '', MINUTE)).toBeUndefined();
    expect(registry.admit('e', 1, 0)).toBeDefined();
  });

  it('keeps the slot of a connection for the lifetime of its tunnel', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    for (const sid of ['a', 'b', 'c', 'd']) enter(registry, tokenFor(registry, sid, 1));
    expect(registry.admit('e', 1, 60 * MINUTE)).toBeUndefined();
    registry.forget('b');
    expect(registry.admit('e', 1, 60 * MINUTE)).toBeDefined();
  });

  it('has 512 tunnels in total, and always room for the other side of one', () => {
    const registry = new TunnelRegistry(nodeCrypto);
    for (let n = 0; n < 512; n++) tokenFor(registry, `s${n}`, 1_000 + n);
    expect(registry.admit('more', 1, 0)).toBeUndefined();
    expect(registry.admit('s0', 1, 0)).toBeDefined();
    registry.forget('s1');
    expect(registry.admit('more', 1, 0)).toBeDefined();
  });
});
