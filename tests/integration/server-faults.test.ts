import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type InMemoryServer, refusalOf, startInMemory } from '../support/server-in-memory.ts';
import { PASSWORD } from '../support/wire-client.ts';

/** All bytes of the data folder. */
function bytesOf(server: InMemoryServer): Buffer {
  return Buffer.concat(readdirSync(server.folder.path).map((name) => readFileSync(join(server.folder.path, name))));
}

describe('Server on a full disk (D2, ASIDE-7.1-9)', () => {
  it('refuses a registration, and keeps the name and the invitation available', async () => {
    const server = await startInMemory({ config: { registration: 'invite' } });
    const invite = await server.aside.createInvite();
    server.disk.fail('registerAccount');
    expect((await refusalOf(server.connect().register('kevin', PASSWORD, invite))).reason).toBe('storage');
    expect(server.aside.stats()).toMatchObject({ accounts: 0, sessions: 0, online: 0 });
    await server.connect().register('kevin', PASSWORD, invite);
  });

  it('refuses sign-in and resumption, and keeps the token valid', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    server.disk.fail('saveTokenFamily');
    expect((await refusalOf(server.connect().signIn('kevin'))).reason).toBe('storage');
    server.disk.fail('saveTokenFamily');
    const back = server.connect({ device: kevin.device });
    expect((await refusalOf(back.resume(kevin.token))).reason).toBe('storage');
    await back.resume(kevin.token);
  });

  it('still counts a failed password', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    server.disk.fail('saveLockout', 3);
    const outcomes = [];
    for (let i = 0; i < 3; i++) outcomes.push(await refusalOf(server.connect().signIn('kevin', 'not the password')));
    expect(outcomes.map(({ reason }) => reason)).not.toContain('locked');
    expect((await refusalOf(server.connect().signIn('kevin'))).reason).toBe('locked');
  });

  it('refuses a message, does not store it, and checks it again when it is repeated', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    const id = randomUUID();
    server.disk.fail('appendMail');
    expect((await refusalOf(kevin.send('anna', 'hello', id))).reason).toBe('storage');
    expect((await kevin.send('anna', 'hello', id)).status).toBe('stored');
    expect((await server.connect().signIn('anna')).waiting).toBe(1);
  });

  it('refuses a message that was unanswered when the connection ended, and never delivers it', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    server.disk.fail('appendMail');
    const sending = refusalOf(kevin.send('anna', 'hello'));
    anna.drop();
    expect((await sending).reason).toBe('storage');
    const back = server.connect({ device: anna.device });
    expect((await back.resume(anna.token)).waiting).toBe(0);
    await server.settle();
    expect(back.take('message.new')).toEqual([]);
  });

  it('reads and empties a mailbox again until that works, and delivers it in order', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    for (const text of ['1', '2']) await kevin.send('anna', text);
    server.disk.fail('readMail', 2);
    server.disk.fail('removeMail');
    const anna = await server.signIn('anna', { confirms: true });
    for (let i = 0; i < 8; i++) {
      server.clock.advance(250);
      await server.settle();
    }
    expect(anna.take('message.new').map(({ text }) => text)).toEqual(['1', '2']);
    await kevin.send('anna', '3');
    await server.settle();
    expect(anna.take('message.new').map(({ text }) => text)).toEqual(['3']);
  });

  it('refuses a block or an unblock, and keeps the former state', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    await server.person('bert', { confirms: true });
    const bert = server.clients.at(-1);
    server.disk.fail('addBlock');
    expect((await anna.refusal('blacklist.add', { username: 'bert' })).reason).toBe('storage');
    expect(await anna.request('blacklist.list', {})).toEqual({ users: [] });
    await anna.request('blacklist.add', { username: 'bert' });
    server.disk.fail('removeBlock');
    expect((await anna.refusal('blacklist.remove', { username: 'bert' })).reason).toBe('storage');
    expect(await anna.request('blacklist.list', {})).toEqual({ users: ['bert'] });
    expect(bert && (await refusalOf(bert.send('anna', 'x'))).reason).toBe('blocked');
  });

  it.each([
    ['addBlock', 1],
    ['removeBlock', 1],
    ['addBlock', 2],
  ] as const)('keeps memory and disk equal under quick changes (%s fails, %i)', async (method, times) => {
    const server = await startInMemory();
    await server.absent('pest');
    const anna = await server.person('anna');
    server.disk.fail(method, times);
    const change = (name: 'blacklist.add' | 'blacklist.remove') =>
      anna.request(name, { username: 'pest' }).then(
        () => 'done',
        () => 'refused',
      );
    await Promise.all([change('blacklist.add'), change('blacklist.remove'), change('blacklist.add')]);
    const { blocks } = await server.disk.store.load({ receipts: 0 });
    expect((await anna.request('blacklist.list', {})).users).toHaveLength(blocks.length);
  });

  it('refuses a new password, and accepts the old one', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    server.disk.fail('setPasswordHash');
    const change = { password: PASSWORD, newPassword: 'another password' };
    expect((await kevin.refusal('account.changePassword', change)).reason).toBe('storage');
    await kevin.signOut();
    await server.signIn('kevin');
  });

  it('refuses a deletion, and keeps the account', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin', { confirms: true });
    const anna = await server.person('anna');
    server.disk.fail('deleteAccount');
    expect((await kevin.refusal('account.delete', { password: PASSWORD })).reason).toBe('storage');
    expect((await anna.send('kevin', 'hello')).status).toBe('delivered');
    await kevin.signOut();
    await server.signIn('kevin');
  });

  it('still signs a user out', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    server.disk.fail('revokeTokenFamily');
    await kevin.signOut();
    expect(server.aside.stats().online).toBe(0);
  });

  it('logs failed background writes, and ends no session (C3)', async () => {
    const server = await startInMemory();
    for (const method of ['openInterval', 'closeInterval', 'markAlive', 'purge'] as const) server.disk.fail(method);
    const kevin = await server.person('kevin');
    server.clock.advance(6_000);
    await kevin.signOut();
    server.clock.jump(3_600_000);
    server.clock.advance(250);
    await server.person('anna');
    const failed = server.log.filter(({ event }) => event === 'write-failed').map(({ fields }) => fields['what']);
    expect(new Set(failed)).toEqual(new Set(['openInterval', 'closeInterval', 'markAlive', 'purge']));
  });
});

describe('Account deletion (B7, ASIDE-5.7)', () => {
  it('removes the user, notifies the other users, and frees the name', async () => {
    const server = await startInMemory();
    const kevin = await server.person('Kevin');
    const anna = await server.person('anna');
    await anna.request('blacklist.add', { username: 'kevin' });
    await anna.request('blacklist.remove', { username: 'kevin' });
    anna.take('presence.changed');
    expect((await kevin.refusal('account.delete', { password: 'wrong' })).reason).toBe('wrong-credentials');
    expect(await kevin.request('account.delete', { password: PASSWORD })).toEqual({});
    await kevin.closed;
    expect(kevin.ending).toEqual({ reason: 'account-deleted' });
    expect(await anna.notification('presence.changed')).toMatchObject({ username: 'Kevin', reason: 'signed-out' });
    expect((await refusalOf(anna.send('kevin', 'x'))).reason).toBe('no-such-user');
    expect((await refusalOf(server.connect().signIn('kevin'))).reason).toBe('wrong-credentials');
    const device = kevin.device;
    expect((await refusalOf(server.connect({ device }).resume(kevin.token))).reason).toBe('token-invalid');
    await server.settle();
    expect((await anna.request('presence.history', { seconds: 3_600 })).users).toEqual([]);
    expect((await anna.request('people.search', { prefix: 'ke' })).users).toEqual([]);
    const next = await server.person('kevin');
    expect((await next.request('blacklist.list', {})).users).toEqual([]);
  });

  it('leaves no name and no waiting text in the data folder', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin-the-deleted');
    const anna = await server.person('anna');
    await anna.request('blacklist.add', { username: 'kevin-the-deleted' });
    await anna.request('blacklist.remove', { username: 'kevin-the-deleted' });
    await kevin.request('blacklist.add', { username: 'anna' });
    await kevin.request('blacklist.remove', { username: 'anna' });
    kevin.drop();
    for (let i = 0; i < 20; i++) await anna.send('kevin-the-deleted', `text-that-waited ${'x'.repeat(i * 400)}`);
    await refusalOf(server.connect().signIn('kevin-the-deleted', 'wrong'));
    const before = bytesOf(server);
    expect(before.includes('kevin-the-deleted')).toBe(true);
    expect(before.includes('text-that-waited')).toBe(true);
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    await back.request('account.delete', { password: PASSWORD });
    await server.settle();
    const rest = await server.disk.store.load({ receipts: 1_000 });
    expect(rest.accounts.map(({ username }) => username)).toEqual(['anna']);
    expect([...rest.blocks, ...rest.mailboxes, ...rest.lockouts]).toEqual([]);
    expect(rest.openIntervals).toHaveLength(1);
    await server.stop();
    const after = bytesOf(server);
    expect(after.includes('text-that-waited')).toBe(false);
    expect(after.includes('kevin-the-deleted')).toBe(false);
  });

  it('keeps messages that the user sent to others, with the name', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    await kevin.send('anna', 'farewell');
    await kevin.request('account.delete', { password: PASSWORD });
    const anna = await server.signIn('anna');
    expect(await anna.notification('message.new')).toMatchObject({ from: 'kevin', text: 'farewell' });
  });

  it('answers the senders of waiting messages, and stores no new ones', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const live = refusalOf(anna.send('kevin', 'live'));
    const release = server.disk.hold('deleteAccount');
    const deleting = kevin.request('account.delete', { password: PASSWORD });
    await server.settle();
    expect((await refusalOf(anna.send('kevin', 'meanwhile'))).reason).toBe('no-such-user');
    release();
    await deleting;
    expect((await live).reason).toBe('no-such-user');
    await server.settle();
    expect((await server.disk.store.load({ receipts: 10 })).mailboxes).toEqual([]);
  });

  it('stores no message that was written to the mailbox meanwhile', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const live = anna.send('kevin', 'live').catch(() => {});
    const release = server.disk.hold('deleteAccount');
    const deleting = kevin.request('account.delete', { password: PASSWORD });
    await server.settle();
    server.clock.advance(2_000);
    release();
    await deleting;
    await live;
    await server.settle();
    expect((await server.disk.store.load({ receipts: 10 })).mailboxes).toEqual([]);
  });

  it('ends a session that took over meanwhile', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const elsewhere = server.connect();
    const takeOver = server.disk.hold('saveTokenFamily');
    const taking = elsewhere.signIn('kevin', PASSWORD, true);
    await server.settle();
    const judge = server.disk.hold('passwordHash');
    const deleting = kevin.request('account.delete', { password: PASSWORD }).catch(() => {});
    await server.settle();
    takeOver();
    await taking;
    await kevin.closed;
    judge();
    await deleting;
    await elsewhere.closed;
    expect(elsewhere.ending).toEqual({ reason: 'account-deleted' });
    await server.settle();
    expect(server.aside.stats()).toMatchObject({ accounts: 0, sessions: 0, online: 0 });
    await server.person('kevin');
  });
});

describe('Stopping server (A6, ASIDE-9-2)', () => {
  it('tells all clients, also unauthenticated ones, when to reconnect', async () => {
    const server = await startInMemory();
    const clients = [await server.person('kevin'), await server.person('anna'), server.connect()];
    await server.aside.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    for (const client of clients) {
      expect(client.lines.at(-1)).toEqual({
        jsonrpc: '2.0',
        method: 'session.ended',
        params: { reason: 'server-stopping', retryAfterMs: 3_000 },
      });
      expect(client.take('presence.changed').filter(({ online }) => !online)).toEqual([]);
    }
    expect(server.aside.stats()).toMatchObject({ connections: 0, sessions: 0 });
    expect(server.clock.pending).toBe(0);
  });

  it('executes no line that arrives later', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    const stopping = server.aside.stop();
    const block = { jsonrpc: '2.0', id: 'late', method: 'blacklist.add', params: { username: 'anna' } };
    kevin.force(JSON.stringify(block));
    await stopping;
    await server.settle();
    expect((await server.disk.store.load({ receipts: 0 })).blocks).toEqual([]);
  });
});
