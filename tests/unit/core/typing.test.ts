import { CLIENT_LIMITS } from '../../../src/shared/limits.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClientSetup } from '../../support/client-setup.ts';

let setup: ClientSetup;

beforeEach(async () => {
  setup = new ClientSetup();
  await setup.online();
});

const writes = async (username: string, typing: boolean) => {
  setup.server.peer.notify('typing.changed', { username, typing });
  await setup.clock.advance(1);
};
const writing = () => setup.client.snapshot().typing;

describe('TypingWatch', () => {
  it('expires each user without a repeated notification', async () => {
    await writes('hans', true);
    await setup.clock.advance(CLIENT_LIMITS.typingMs / 2);
    await writes('leia', true);
    await setup.clock.advance(CLIENT_LIMITS.typingMs / 2);
    expect(writing()).toEqual(['leia']);
    await setup.clock.advance(CLIENT_LIMITS.typingMs / 2);
    expect(writing()).toEqual([]);
    expect(setup.emitted('typing.changed').slice(-2)).toEqual([
      { username: 'hans', typing: false },
      { username: 'leia', typing: false },
    ]);
  });

  it('keeps a user whose client repeats the notification', async () => {
    for (let said = 0; said < 4; said++) {
      await writes('hans', true);
      await setup.clock.advance(CLIENT_LIMITS.typingMs - 100);
      expect(writing()).toEqual(['hans']);
    }
    await writes('hans', false);
    const before = setup.emitted('typing.changed').length;
    await setup.clock.advance(2 * CLIENT_LIMITS.typingMs);
    expect(setup.emitted('typing.changed')).toHaveLength(before);
  });
});
