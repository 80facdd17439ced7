import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { PipedClient } from '../support/client-program.ts';
import { freePort, type RunningServer, startServer } from '../support/server-process.ts';

const PASSWORD = 'correct horse';
let server: RunningServer;
let program: Bundle;
let data: string;
const clients: PipedClient[] = [];

beforeAll(async () => {
  [server, program] = await Promise.all([
    startServer(),
    bundleProgram(new URL('../../src/terminal/index.ts', import.meta.url)),
  ]);
  data = mkdtempSync(join(tmpdir(), 'aside-pipe-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.kill();
    await client.exited;
  }
});
afterAll(async () => {
  await server.cleanUp();
  program.remove();
  rmSync(data, { recursive: true, force: true });
});

function client(user: string, ...more: string[]): PipedClient {
  const args = ['127.0.0.1', server.port, '--data', data, '--user', user, ...more];
  const made = new PipedClient(program.file, args, { ASIDE_PASSWORD: PASSWORD });
  clients.push(made);
  return made;
}

describe('Terminal client in a pipe (H1)', () => {
  it('runs lines as commands, waits for deliveries, signs out and exits with 0', async () => {
    const hans = client('hans', '--register');
    await hans.says('Welcome, hans. No other user is online.');
    const kevin = client('kevin', '--register');
    expect(
      await kevin.end(
        'whoelse',
        'message hans hello there',
        'broadcast hi all',
        'block hans',
        'blacklist',
        'unblock hans',
      ),
    ).toBe(0);
    expect(kevin.stderr).toBe('');
    for (const line of [
      'hans (since',
      '→ hans: delivered',
      '→ everyone: sent to 1 user',
      'hans is blocked.',
      'hans is no longer blocked.',
    ]) {
      expect(kevin.stdout).toContain(line);
    }
    await hans.says('[kevin] left the chat\n');
    expect(hans.stdout).toMatch(
      /\d\d:\d\d \[kevin\] joined the chat\n\d\d:\d\d kevin: hello there\n\d\d:\d\d kevin \(to everyone\): hi all\n/,
    );
    expect(await hans.end('message kevin for later', 'logout', 'never done')).toBe(0);
    expect(hans.stdout).toContain('→ kevin: sent');
    expect(hans.stdout).not.toContain('never');
    const again = client('kevin');
    expect(await again.end()).toBe(0);
    expect(again.stdout).toMatch(/One message arrived while you were away:\n\d\d:\d\d hans: for later\n/);
  });

  it('shows the fingerprint on the first connection only', async () => {
    const folder = join(data, 'fresh');
    const first = client('fresh', '--register', '--data', folder);
    expect(await first.end()).toBe(0);
    expect(first.stdout).toContain(`First connection to this server`);
    expect(first.stdout).toContain(server.fingerprint);
    const second = client('fresh', '--data', folder);
    expect(await second.end()).toBe(0);
    expect(second.stdout).not.toContain('First connection');
  });

  it('prints each failure, continues with the next command and exits with 1', async () => {
    const client1 = client('fool', '--register');
    const code = await client1.end(
      'fly me',
      'message',
      'message nobody hi',
      'message fool hi',
      'whoelsesince x',
      `message nobody ${'x'.repeat(8_193)}`,
      'startprivate nobody',
      'private nobody hi',
      'cancel 1',
      'delete-account other',
      'blacklist',
    );
    expect(code).toBe(1);
    const expected = [
      'There is no command "fly"',
      'Use: message <user> <text>',
      'Use: whoelsesince <seconds>',
      'at most 8192 bytes',
      'There is no user with that name on this server.',
      'There is no private session with this user.',
      'no message with that number',
      'Nothing was deleted',
      'You have not blocked any user.',
    ];
    let from = 0;
    for (const text of expected) {
      const at = client1.stdout.indexOf(text, from);
      expect(at, text).toBeGreaterThanOrEqual(from);
      from = at;
    }
    expect(client1.stdout).toContain('→ nobody: couldn’t send. There is no user with that name');
    expect(client1.stdout).toContain('→ fool: couldn’t send. That is your own account.');
  });

  it('prints events as objects with --json, answers with the tag, and texts byte for byte (D5)', async () => {
    const text = 'two\nlines \u001b[31m "quoted" ä\u2028🙂\u0000';
    const luke = client('luke', '--register', '--json');
    await luke.says('"signed-in"');
    const leia = client('leia', '--register', '--json');
    await leia.says('"signed-in"');
    leia.line({ command: 'message', to: 'luke', text, tag: 't1' });
    await leia.says('delivered');
    expect(
      await leia.end(
        { command: 'whoelse', tag: 2 },
        'search lu',
        'find QUOTED  wo',
        { command: 'find', text: 'quotes', tag: 4 },
        { command: 'fly', tag: 3 },
        { command: 'whoelsesince', seconds: 60 },
      ),
    ).toBe(1);
    expect(leia.stderr).toBe('');
    const { events } = leia;
    const sent = events.filter(({ event }) => event === 'sent');
    expect(sent).toMatchObject([
      { to: 'luke', status: 'queued', tag: 't1' },
      { to: 'luke', status: 'delivered' },
    ]);
    expect(sent[0]?.id).toBe(sent[1]?.id);
    expect(events).toContainEqual({
      event: 'answer',
      command: 'whoelse',
      tag: 2,
      users: expect.arrayContaining([{ username: 'luke', since: expect.any(Number) }]),
    });
    expect(events).toContainEqual({ event: 'answer', command: 'search', users: [{ username: 'luke', online: true }] });
    const found = { id: sent[0]?.id, from: 'leia', to: 'luke', text, at: expect.any(Number) };
    expect(events).toContainEqual({ event: 'answer', command: 'find', messages: [found], more: false });
    expect(events).toContainEqual({ event: 'answer', command: 'find', messages: [], more: false, tag: 4 });
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'error', command: 'fly', tag: 3, reason: 'invalid-command' }),
    );
    await luke.says('"left"');
    expect(luke.events).toContainEqual({
      event: 'message',
      id: sent[0]?.id,
      from: 'leia',
      text,
      at: expect.any(Number),
    });
    expect(luke.events).toContainEqual({
      event: 'left',
      username: 'leia',
      at: expect.any(Number),
      reason: 'signed-out',
    });
    expect(await luke.end()).toBe(0);
    expect(luke.events.at(-1)).toMatchObject({ event: 'connection', state: 'signed-out', reason: 'by-you' });
  });

  it('sends hundreds of lines in order', async () => {
    const many = Array.from({ length: 700 }, (_one, n) => `message sink ${n}`);
    const sink = client('sink', '--register', '--json');
    await sink.says('"signed-in"');
    const source = client('source', '--register');
    expect(await source.end(...many)).toBe(0);
    await sink.until(() => sink.stdout.includes('"text":"699"'), 'the last message');
    expect(sink.events.filter(({ event }) => event === 'message').map(({ text }) => text)).toEqual(
      many.map((_line, n) => String(n)),
    );
  });

  it('changes the password and deletes the account (B7)', async () => {
    const run = new PipedClient(
      program.file,
      ['127.0.0.1', server.port, '--data', data, '--user', 'temp', '--register'],
      { ASIDE_PASSWORD: PASSWORD, ASIDE_NEW_PASSWORD: 'another horse' },
    );
    expect(await run.end('password')).toBe(0);
    expect(run.stdout).toContain('Your password is changed.');
    const refused = client('temp');
    expect(await refused.end()).toBe(1);
    const gone = new PipedClient(program.file, ['127.0.0.1', server.port, '--data', data, '--user', 'temp'], {
      ASIDE_PASSWORD: 'another horse',
    });
    expect(await gone.end('delete-account temp')).toBe(0);
    expect(gone.stdout).toContain('Your account is deleted.');
    const after = new PipedClient(program.file, ['127.0.0.1', server.port, '--data', data, '--user', 'temp'], {
      ASIDE_PASSWORD: 'another horse',
    });
    expect(await after.end()).toBe(1);
  });

  it('prints the reason when the server signs it out, and exits with 1 (B5)', async () => {
    const strict = await startServer({ timeoutSeconds: 1 });
    try {
      const idle = new PipedClient(
        program.file,
        ['127.0.0.1', strict.port, '--data', data, '--user', 'idle', '--register'],
        { ASIDE_PASSWORD: PASSWORD },
      );
      expect(await idle.exited).toBe(1);
      expect(idle.stderr).toContain('because you were inactive');
    } finally {
      await strict.cleanUp();
    }
  });

  it('signs out on a signal', async () => {
    const watcher = client('watcher', '--register');
    await watcher.says('Welcome');
    const ended = client('ended', '--register');
    await ended.says('Welcome');
    ended.kill('SIGTERM');
    expect(await ended.exited).toBe(143);
    await watcher.says('[ended] left the chat\n');
  });
});

describe('Start of the terminal client in a pipe', () => {
  it.each([
    [['127.0.0.1'], {}, 2, 'a host and a port'],
    [['127.0.0.1', '1', '--user', 'x'], {}, 2, 'ASIDE_PASSWORD'],
    [['127.0.0.1', '1'], { ASIDE_PASSWORD: 'x' }, 2, '--user'],
  ] as const)('fails for arguments %j and environment %j with exit code %i', async (args, environment, code, text) => {
    const run = new PipedClient(program.file, args, environment);
    expect(await run.end()).toBe(code);
    expect(run.stderr).toContain(text);
    expect(run.stdout).toBe('');
  });

  it('fails with exit code 1 if no server answers', async () => {
    const run = new PipedClient(program.file, ['127.0.0.1', await freePort(), '--user', 'x', '--data', data], {
      ASIDE_PASSWORD: PASSWORD,
    });
    expect(await run.end('whoelse')).toBe(1);
    expect(run.stderr).toContain('Is the server running');
  });

  it('fails with advice after wrong passwords, for an unknown username and for a locked account (B2)', async () => {
    expect(await client('victim', '--register').end()).toBe(0);
    const wrong = () =>
      new PipedClient(program.file, ['127.0.0.1', server.port, '--user', 'victim', '--data', data], {
        ASIDE_PASSWORD: 'wrong horse',
      });
    const stderr = [];
    for (let n = 0; n < 3; n++) {
      const run = wrong();
      expect(await run.end()).toBe(1);
      stderr.push(run.stderr);
    }
    expect(stderr[0]).toMatch(/wrong\. 2 attempts are left\. If you have no account yet, --register/);
    expect(stderr[1]).toContain('One attempt is left.');
    expect(stderr[2]).toMatch(/Try again in (1[012]\d|[6-9]\d) seconds/);
    const right = client('victim');
    expect(await right.end()).toBe(1);
    expect(right.stderr).toMatch(/Try again in (1[012]\d|[6-9]\d) seconds/);
  });

  it('fails for an account that is signed in elsewhere unless it takes over, and notifies the other session (B3)', async () => {
    const first = client('twice', '--register');
    await first.says('Welcome');
    const folder = join(data, 'elsewhere');
    const second = client('twice', '--data', folder);
    expect(await second.end()).toBe(1);
    expect(second.stderr).toContain('--take-over');
    const third = client('twice', '--data', folder, '--take-over');
    expect(await third.end()).toBe(0);
    expect(await first.exited).toBe(1);
    expect(first.stderr).toContain('signed in elsewhere');
  });

  it('fails for an account that another client has open in the same data folder', async () => {
    const first = client('same', '--register');
    await first.says('Welcome');
    const second = client('same', '--take-over');
    expect(await second.end()).toBe(1);
    expect(second.stderr).toContain('already open in another client');
    expect(await first.end('whoelse')).toBe(0);
  });

  it('refuses a changed certificate with both fingerprints, and accepts it on request (G1)', async () => {
    const folder = join(data, 'changed');
    const port = await freePort();
    const run = (...more: string[]) => {
      return new PipedClient(program.file, ['127.0.0.1', port, '--user', 'kevin', '--data', folder, ...more], {
        ASIDE_PASSWORD: PASSWORD,
      });
    };
    const before = await startServer({ port });
    expect(await run('--register').end()).toBe(0);
    await before.cleanUp();
    const after = await startServer({ port });
    try {
      const refused = run('--register');
      expect(await refused.end()).toBe(1);
      expect(refused.stderr).toContain(before.fingerprint);
      expect(refused.stderr).toContain(after.fingerprint);
      expect(refused.stderr).toContain('--accept-certificate');
      expect(after.stdout()).not.toContain('kevin');
      const accepted = run('--register', '--accept-certificate', after.fingerprint ?? '');
      expect(await accepted.end()).toBe(0);
      expect(accepted.stdout).toContain('accepted and remembered');
      expect(await run().end()).toBe(0);
    } finally {
      await after.cleanUp();
    }
  });

  it('refuses a server whose remembered certificate is damaged, and accepts it on request (G1)', async () => {
    const folder = join(data, 'damaged');
    const server = await startServer();
    onTestFinished(() => server.cleanUp());
    const run = (...more: string[]) => {
      return new PipedClient(program.file, ['127.0.0.1', server.port, '--user', 'kevin', '--data', folder, ...more], {
        ASIDE_PASSWORD: PASSWORD,
      });
    };
    expect(await run('--register').end()).toBe(0);
    const file = join(folder, 'known-servers.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"certificate": "..../, '"certificate": "????'));
    const refused = run();
    expect(await refused.end()).toBe(1);
    expect(refused.stderr).toContain('damaged');
    expect(refused.stderr).toContain(`presented: ${server.fingerprint}`);
    expect(refused.stderr).toContain('--accept-certificate');
    const accepted = run('--accept-certificate', server.fingerprint ?? '');
    expect(await accepted.end()).toBe(0);
    expect(await run().end()).toBe(0);
  });

  it('gives advice if only one side uses --plaintext', async () => {
    const plain = await startServer({ plaintext: true });
    try {
      const args = (port: number) => ['127.0.0.1', port, '--user', 'x', '--register', '--data', data] as const;
      const environment = { ASIDE_PASSWORD: PASSWORD };
      const withTls = new PipedClient(program.file, args(plain.port), environment);
      expect(await withTls.end()).toBe(1);
      expect(withTls.stderr).toContain('--plaintext');
      const without = new PipedClient(program.file, [...args(server.port), '--plaintext'], environment);
      expect(await without.end()).toBe(1);
      expect(without.stderr).toContain('--plaintext');
      expect(await new PipedClient(program.file, [...args(plain.port), '--plaintext'], environment).end()).toBe(0);
    } finally {
      await plain.cleanUp();
    }
  });
});
