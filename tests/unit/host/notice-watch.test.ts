import { describe, expect, it } from 'vitest';
import { NoticeWatch } from '../../../src/host/windows/notice-watch.ts';
import type { ClientEvent } from '../../../src/shared/client-api/contract.ts';
import type { PrivateSessionView } from '../../../src/shared/client-api/private-view.ts';

const STATES = {
  asked: { state: 'asked', expiresAt: 1, trust: 'new' },
  connecting: { state: 'connecting', because: 'accepted' },
  lost: { state: 'connecting', because: 'path-lost' },
  open: { state: 'open', path: { kind: 'relayed' }, trust: 'new' },
  ended: { state: 'ended', ending: { reason: 'x', by: 'peer', loud: false, text: '' } },
} as const satisfies Record<string, PrivateSessionView['state']>;

function watch() {
  const withdrawn: string[] = [];
  const one = new NoticeWatch({
    withdraw: (kind, conversation) => void withdrawn.push(`${kind} ${conversation}`),
    withdrawAll: () => void withdrawn.push('all'),
  });
  const happen = (event: ClientEvent) => {
    one.happened({ ...event, seq: 1 });
    return withdrawn.splice(0);
  };
  const aside = (state: keyof typeof STATES) =>
    happen({
      name: 'private.changed',
      params: {
        session: {
          sid: 's',
          username: 'Bob',
          initiator: false,
          state: STATES[state],
          keep: { own: false, peer: false },
        },
      },
    });
  const read = (conversation: string, unread: number) =>
    happen({ name: 'conversation.read', params: { conversation, unread } });
  return { one, withdrawn, aside, read };
}

describe('notifications that have become untrue (G5)', () => {
  it('are taken back once everything in the conversation was read', () => {
    const { read } = watch();
    expect(read('@bob', 2)).toEqual([]);
    expect(read('@bob', 0)).toEqual(['message @bob', 'request @bob']);
  });

  it.each(['connecting', 'open', 'ended'] as const)('are taken back when a request is over: %s (F1)', (state) => {
    const { aside } = watch();
    expect(aside('asked')).toEqual([]);
    expect(aside('asked')).toEqual([]);
    // A message that was not read yet stays.
    expect(aside(state)).toEqual(['request @bob']);
    expect(aside(state)).toEqual([]);
  });

  it('stay while somebody still waits for an answer, and where nobody asked', () => {
    const { aside, read } = watch();
    for (const state of ['connecting', 'open', 'lost', 'ended'] as const) expect(aside(state)).toEqual([]);
    aside('asked');
    expect(read('@bob', 0)).toEqual(['message @bob']);
    expect(read('@eve', 0)).toEqual(['message @eve', 'request @eve']);
  });

  it('are all taken back with the account', () => {
    const { one, withdrawn, aside } = watch();
    aside('asked');
    one.accountClosed();
    expect(withdrawn.splice(0)).toEqual(['all']);
    expect(aside('ended')).toEqual([]);
  });
});
