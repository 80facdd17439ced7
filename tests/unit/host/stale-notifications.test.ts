import { describe, expect, it } from 'vitest';
import { StaleNotifications } from '../../../src/host/windows/stale-notifications.ts';
import type { ClientEvent } from '../../../src/shared/client-api/contract.ts';
import type { PrivateSessionView } from '../../../src/shared/client-api/private-view.ts';

const STATES = {
  asked: { state: 'asked', expiresAt: 1, trust: 'new' },
  connecting: { state: 'connecting', because: 'accepted' },
  lost: { state: 'connecting', because: 'path-lost' },
  open: { state: 'open', path: { kind: 'relayed' }, trust: 'new' },
  ended: { state: 'ended', ending: { reason: 'x', by: 'peer', loud: false } },
} as const satisfies Record<string, PrivateSessionView['state']>;

function watch() {
  const withdrawn: string[] = [];
  const one = new StaleNotifications({
    withdraw: (kind, conversation) => void withdrawn.push(`${kind} ${conversation}`),
    withdrawAll: () => void withdrawn.push('all'),
  });
  const happen = (event: ClientEvent) => {
    one.onEvent({ ...event, seq: 1 });
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

describe('Stale notifications (G5)', () => {
  it('are withdrawn once all messages of the conversation are read', () => {
    const { read } = watch();
    expect(read('@bob', 2)).toEqual([]);
    expect(read('@bob', 0)).toEqual(['message @bob', 'request @bob']);
  });

  it.each(['connecting', 'open', 'ended'] as const)('are withdrawn when a request is over: %s (F1)', (state) => {
    const { aside } = watch();
    expect(aside('asked')).toEqual([]);
    expect(aside('asked')).toEqual([]);
    // The notification of an unread message stays.
    expect(aside(state)).toEqual(['request @bob']);
    expect(aside(state)).toEqual([]);
  });

  it('stay while a request is unanswered, and for a user without a request', () => {
    const { aside, read } = watch();
    for (const state of ['connecting', 'open', 'lost', 'ended'] as const) expect(aside(state)).toEqual([]);
    aside('asked');
    expect(read('@bob', 0)).toEqual(['message @bob']);
    expect(read('@eve', 0)).toEqual(['message @eve', 'request @eve']);
  });

  it('are all withdrawn when the account is closed', () => {
    const { one, withdrawn, aside } = watch();
    aside('asked');
    one.accountClosed();
    expect(withdrawn.splice(0)).toEqual(['all']);
    expect(aside('ended')).toEqual([]);
  });
});
