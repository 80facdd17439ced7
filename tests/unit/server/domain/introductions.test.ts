import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IntroductionRecord, Introductions, peerOf } from '../../../../server/src/domain/introductions.ts';

const MINUTE = 60_000;
const on = (account: number, device = `device of ${account}`) => ({ account, device });

/** Asks, and expects that it may. */
function requested(all: Introductions, sid: string, initiator: number, responder: number, now = 0): IntroductionRecord {
  const introduction = all.request(sid, on(initiator), on(responder), now);
  if (typeof introduction === 'string') throw new Error(introduction);
  return introduction;
}

function opened(all: Introductions, sid: string, initiator: number, responder: number): IntroductionRecord {
  const introduction = requested(all, sid, initiator, responder);
  all.open(introduction);
  return introduction;
}

describe('Introductions (F1)', () => {
  it('lead from a request to a session, with the role of each side', () => {
    const all = new Introductions();
    const introduction = requested(all, 's', 1, 2, 5);
    expect(introduction).toMatchObject({ initiator: 1, responder: 2, expiresAt: 5 + MINUTE, state: 'requested' });
    expect(all.pendingForInitiator('s', 1)).toBe(introduction);
    expect(all.pendingForResponder('s', 2)).toBe(introduction);
    for (const not of [
      all.pendingForInitiator('s', 2),
      all.pendingForResponder('s', 1),
      all.openFor('s', 1),
      all.pendingForResponder('t', 2),
    ]) {
      expect(not).toBeUndefined();
    }
    all.open(introduction);
    expect([all.openFor('s', 1), all.openFor('s', 2)]).toEqual([introduction, introduction]);
    for (const not of [all.openFor('s', 3), all.pendingForResponder('s', 2), all.pendingForInitiator('s', 1)])
      expect(not).toBeUndefined();
    all.end(introduction);
    expect(all.openFor('s', 1)).toBeUndefined();
    expect(all.size).toBe(0);
    expect([peerOf(introduction, 1), peerOf(introduction, 2)]).toEqual([2, 1]);
  });

  it('are one between two users, in either direction and under any id', () => {
    const all = new Introductions();
    const introduction = requested(all, 's', 1, 2);
    expect(all.request('t', on(1), on(2), 0)).toBe('already-asking');
    expect(all.request('t', on(2), on(1), 0)).toBe('already-asking');
    expect(all.request('s', on(3), on(4), 0)).toBe('already-asking');
    all.open(introduction);
    expect(all.request('t', on(1), on(2), 0)).toBe('already-open');
    expect(all.request('t', on(2), on(1), 0)).toBe('already-open');
    all.end(introduction);
    expect(requested(all, 't', 2, 1).state).toBe('requested');
  });

  it('expire as requests, never as sessions', () => {
    const all = new Introductions();
    const first = requested(all, 'a', 1, 2, 0);
    const second = requested(all, 'b', 1, 3, 1);
    opened(all, 'c', 1, 4);
    expect(all.expire(MINUTE - 1)).toEqual([]);
    expect(all.expire(MINUTE)).toEqual([first]);
    expect(all.expire(10 * MINUTE)).toEqual([second]);
    expect(all.size).toBe(1);
  });

  it('end for a user, a pair or a device', () => {
    const all = new Introductions();
    const one = opened(all, 'a', 1, 2);
    const two = requested(all, 'b', 3, 1);
    const three = all.request('c', on(4), on(1, 'another device'), 0);
    requested(all, 'd', 2, 3);
    expect(all.endOnOtherDevices(1, 'device of 1')).toEqual([three]);
    expect(all.endAllOf(1, 2)).toEqual([one]);
    expect(all.endAllOf(1, 2)).toEqual([]);
    expect(all.endAllOf(1)).toEqual([two]);
    expect(all.size).toBe(1);
  });

  it('are limited to 16 by one account, and 32 to one account', () => {
    const all = new Introductions();
    for (let n = 0; n < 16; n++) requested(all, `a${n}`, 1, 100 + n);
    expect(all.request('more', on(1), on(200), 0)).toBe('slow-down');
    all.end(all.pendingForInitiator('a0', 1) as IntroductionRecord);
    requested(all, 'more', 1, 200);
    // A user's own requests do not count towards the limit of incoming ones.
    for (let n = 0; n < 15; n++) requested(all, `c${n}`, 2, 500 + n);
    for (let n = 0; n < 32; n++) requested(all, `b${n}`, 300 + n, 2);
    expect(all.request('most', on(400), on(2), 0)).toBe('slow-down');
    // A user with many incoming requests can still make one.
    requested(all, 'own', 2, 400);
  });

  it('are limited to 64 of one account in total, which an answer cannot exceed', () => {
    const all = new Introductions();
    for (let n = 0; n < 63; n++) opened(all, `a${n}`, n % 2 ? 1 : 100 + n, n % 2 ? 100 + n : 1);
    all.open(requested(all, 'last', 1, 200));
    expect(all.request('more', on(1), on(201), 0)).toBe('slow-down');
    expect(all.request('more', on(201), on(1), 0)).toBe('slow-down');
    all.endAllOf(1, 200);
    requested(all, 'more', 201, 1);
  });

  it('keep their limits and forget both sides at once under any order of events', () => {
    const account = fc.integer({ min: 1, max: 6 });
    const step = fc.oneof(
      fc.record({ do: fc.constant('ask' as const), a: account, b: account }),
      fc.record({ do: fc.constantFrom('answer', 'end', 'leave', 'block', 'expire'), a: account, b: account }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const all = new Introductions();
        // Expected introduction of each pair.
        const model = new Map<string, IntroductionRecord>();
        const pair = (a: number, b: number) => `${Math.min(a, b)}-${Math.max(a, b)}`;
        let now = 0;
        for (const [index, { do: what, a, b }] of steps.entries()) {
          if (a === b) continue;
          now += 7_000;
          const here = model.get(pair(a, b));
          if (what === 'ask') {
            const got = all.request(`s${index}`, on(a), on(b), now);
            if (here) expect(got).toBe(here.state === 'open' ? 'already-open' : 'already-asking');
            else if (typeof got !== 'string') model.set(pair(a, b), got);
            else throw new Error(got);
          } else if (what === 'answer') {
            const found = here && all.pendingForResponder(here.sid, a);
            expect(found !== undefined).toBe(here?.state === 'requested' && here.responder === a);
            if (found) all.open(found);
          } else if (what === 'end' && here) {
            all.end(here);
            model.delete(pair(a, b));
          } else if (what === 'leave' || what === 'block') {
            for (const ended of all.endAllOf(a, what === 'block' ? b : undefined)) {
              expect(model.delete(pair(ended.initiator, ended.responder))).toBe(true);
            }
            for (const left of model.keys()) expect(what === 'leave' && left.split('-').includes(`${a}`)).toBe(false);
          } else if (what === 'expire') {
            for (const ended of all.expire(now))
              expect(model.delete(pair(ended.initiator, ended.responder))).toBe(true);
            for (const left of model.values()) expect(left.state === 'open' || left.expiresAt > now).toBe(true);
          }
          expect(all.size).toBe(model.size);
        }
        for (let n = 1; n <= 6; n++) all.endAllOf(n);
        expect(all.size).toBe(0);
      }),
    );
  });
});
