import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { PipedClient } from '../support/client-program.ts';
import { TerminalProgram } from '../support/client-terminal.ts';
import { freePort, type RunningServer, startServer } from '../support/server-process.ts';

const PASSWORD = 'correct horse';
let server: RunningServer;
let program: Bundle;
let data: string;
let names = 0;
const terminals: TerminalProgram[] = [];
const pipes: PipedClient[] = [];

beforeAll(async () => {
  [server, program] = await Promise.all([
    startServer(),
    bundleProgram(new URL('../../src/terminal/index.ts', import.meta.url)),
  ]);
  data = mkdtempSync(join(tmpdir(), 'aside-pty-'));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.kill();
    await terminal.exited;
  }
  for (const pipe of pipes.splice(0)) {
    pipe.kill();
    await pipe.exited;
  }
});
afterAll(async () => {
  await server.cleanUp();
  program.remove();
  rmSync(data, { recursive: true, force: true });
});

const freshName = (start: string) => `${start}${++names}`;

function open(args: readonly string[], environment: Record<string, string> = {}, columns = 80, port = server.port) {
  const terminal = new TerminalProgram(
    program.file,
    ['127.0.0.1', String(port), '--data', data, ...args],
    environment,
    columns,
  );
  terminals.push(terminal);
  return terminal;
}

/** A terminal client that has just signed in with a new account. */
async function person(start: string, columns = 80): Promise<{ name: string; terminal: TerminalProgram }> {
  const name = freshName(start);
  const terminal = open(['--user', name, '--register'], { ASIDE_PASSWORD: PASSWORD }, columns);
  await terminal.shows(/Welcome[^]*\n>/);
  return { name, terminal };
}

/** A user whose client sends what the test asks for. */
async function writer(start: string): Promise<{ name: string; pipe: PipedClient }> {
  const name = freshName(start);
  const pipe = new PipedClient(
    program.file,
    ['127.0.0.1', server.port, '--data', data, '--user', name, '--register', '--json'],
    {
      ASIDE_PASSWORD: PASSWORD,
    },
  );
  pipes.push(pipe);
  await pipe.says('"signed-in"');
  return { name, pipe };
}

describe('Client at a terminal (H1)', () => {
  it('asks a new user whether to create the account, without a spent attempt, and stays new until then (B2)', async () => {
    const name = freshName('newcomer');
    const undecided = open([]);
    await undecided.shows('Username:');
    undecided.enter(name);
    await undecided.shows('Create this account?');
    undecided.enter('perhaps');
    await undecided.shows('Type yes or no.');
    undecided.enter('yes');
    await undecided.shows('New password:');
    undecided.type('\u0004');
    expect(await undecided.exited).toBe(1);
    const terminal = open(['--user', name]);
    await terminal.shows(`${name} has not signed in on this computer before.`);
    terminal.enter('yes');
    await terminal.shows('New password:');
    terminal.enter(PASSWORD);
    await terminal.shows('Repeat the password:');
    terminal.enter(PASSWORD);
    await terminal.shows(`Welcome, ${name}.`);
    expect(terminal.screen).not.toContain('wrong');
    terminal.enter('logout');
    expect(await terminal.exited).toBe(0);
    // The account is known here now.
    const again = open(['--user', name]);
    await again.shows('Password:');
    expect(again.screen).not.toContain('Create this account?');
    // On another computer it is not, and the answer no leads to the password.
    const elsewhere = open(['--user', name, '--data', join(data, 'elsewhere')]);
    await elsewhere.shows('Create this account?');
    elsewhere.enter('no');
    await elsewhere.shows('Password:');
    elsewhere.enter(PASSWORD);
    await elsewhere.shows(`Welcome, ${name}.`);
  });

  it('asks for username and password, never shows the password, and offers to create the account', async () => {
    const name = freshName('newcomer');
    const terminal = open([]);
    await terminal.shows('Username:');
    terminal.enter('with space');
    await terminal.shows('no white space');
    await terminal.until((screen) => screen.endsWith('Username:'), 'the question again');
    terminal.enter(name);
    await terminal.shows('Create this account?');
    terminal.enter('no');
    await terminal.shows('Password:');
    terminal.enter('secret-secret');
    await terminal.shows('to leave?');
    terminal.enter('new');
    await terminal.shows('New password:');
    terminal.enter('secret-secret');
    await terminal.shows('Repeat the password:');
    terminal.enter('secret-other');
    await terminal.shows('not the same');
    terminal.enter('secret-secret');
    await terminal.until((screen) => screen.split('Repeat the password:').length === 3, 'the second question again');
    terminal.enter('secret-secret');
    await terminal.shows(`Welcome, ${name}.`);
    expect(terminal.raw).not.toContain('secret');
    // Nor is it among the lines that the arrow key brings back.
    terminal.type('\u001b[A\u001b[A');
    terminal.enter('help');
    await terminal.shows('--json.');
    expect(terminal.raw).not.toContain('secret');
    terminal.enter('logout');
    expect(await terminal.exited).toBe(0);
  });

  it('keeps a long typed line with wide characters intact while messages arrive', async () => {
    const { name, terminal } = await person('reader', 40);
    const { name: other, pipe } = await writer('w');
    await terminal.shows(`[${other}] joined the chat`);
    const typed = `message ${other} a line that is longer than the terminal is wide 日本語日本語日本語日本語日本語日本語日本語 🙂 end`;
    terminal.type(typed);
    await terminal.until((screen) => screen.includes('end'), 'the typed line');
    const before = terminal.emulator.lines.slice(-3);
    const { column } = terminal.emulator.cursor;
    for (let n = 0; n < 5; n++) pipe.line({ command: 'message', to: name, text: `interrupting ${n}\nsecond line` });
    await terminal.shows('interrupting 4');
    await terminal.until(
      () => terminal.emulator.lines.slice(-3).join('\n') === before.join('\n'),
      'the line as before',
    );
    expect(terminal.emulator.cursor.column).toBe(column);
    const above = terminal.emulator.lines.slice(0, -3).join('\n');
    expect(above).toMatch(/(\d\d:\d\d \S+: interrupting \d\n    second line\n?){5}$/);
    // Also with the cursor in the middle of it, where something is pasted then.
    terminal.type('\u001b[D\u001b[D\u001b[D');
    pipe.line({ command: 'message', to: name, text: 'once more' });
    await terminal.shows('once more');
    terminal.type('THE ');
    await terminal.shows(/THE\s+end/);
    terminal.type('\r');
    await pipe.until(() => pipe.events.some(({ event }) => event === 'message'), 'the message');
    expect(pipe.events.find(({ event }) => event === 'message')?.text).toBe(
      typed.slice(typed.indexOf(' a ') + 1).replace('end', 'THE end'),
    );
    await terminal.shows(`→ ${other}: delivered`);
  });

  it('prints texts of other users without control characters', async () => {
    const { name, terminal } = await person('target');
    const { name: other, pipe } = await writer('attacker');
    const before = terminal.raw.length;
    pipe.line({ command: 'message', to: name, text: '\u001b[2J\u001b]0;owned\u0007\u009b31m\r> logout\u0008\u0000' });
    await terminal.shows('owned');
    expect(terminal.screen).toContain(`${other}: ␛[2J␛]0;owned␇<U+009B>31m␍> logout␈␀`);
    // oxlint-disable-next-line no-control-regex -- a terminal's escape sequences begin so
    expect(terminal.raw.slice(before)).not.toMatch(/\u001b\[2J|\u001b\]|\u009b/u);
  });

  it('takes pasted lines as one text, which Ctrl-C drops, and writes several lines with Alt Enter', async () => {
    const { terminal } = await person('paster');
    const { name: other, pipe } = await writer('reader');
    await terminal.shows(`[${other}] joined`);
    terminal.type(`\u001b[200~message ${other} first\rblock ${other}\rlogout\r\u001b[201~`);
    await terminal.shows('The pasted lines are one text.');
    terminal.type('\u0003');
    await terminal.shows('Ctrl-C once more');
    terminal.type(`\u001b[200~message ${other} first\rblock ${other}\rlogout\u001b[201~`);
    await terminal.until((screen) => screen.split('The pasted lines are one text.').length === 3, 'the advice again');
    terminal.enter('');
    await terminal.shows(`→ ${other}: delivered`);
    await pipe.says(JSON.stringify(`first\nblock ${other}\nlogout`));
    terminal.type(`message ${other} one\u001b\rtwo`);
    terminal.enter('');
    await pipe.says(JSON.stringify('one\ntwo'));
    terminal.enter('blacklist');
    await terminal.shows('You have not blocked any user.');
  });

  it('completes commands and usernames', async () => {
    const { terminal } = await person('completer');
    const { name: other } = await writer('longname');
    await terminal.shows(`[${other}] joined`);
    terminal.type('mess\t');
    await terminal.shows(/> message/);
    terminal.type('longn\t');
    await terminal.shows(`> message ${other}`);
    terminal.enter('hi');
    await terminal.shows(`→ ${other}: delivered`);
  });

  it('brings back earlier lines', async () => {
    const { terminal } = await person('historian');
    terminal.enter('blacklist');
    await terminal.shows('You have not blocked any user.');
    terminal.type('\u001b[A');
    await terminal.until((screen) => screen.endsWith('> blacklist'), 'the line again');
  });

  it('clears the line on Ctrl-C, and signs out on the second Ctrl-C and on Ctrl-D', async () => {
    const watcher = await writer('watcher');
    const first = await person('controller');
    first.terminal.type('half a line');
    await first.terminal.shows('half a line');
    first.terminal.type('\u0003');
    await first.terminal.shows('Ctrl-C once more');
    await first.terminal.until((screen) => screen.endsWith('>'), 'an empty line');
    first.terminal.type('x\u007f\u0003');
    await first.terminal.until((screen) => screen.split('Ctrl-C once more').length === 3, 'the advice again');
    first.terminal.type('\u0003');
    expect(await first.terminal.exited).toBe(0);
    const second = await person('controller');
    second.terminal.type('\u0004');
    expect(await second.terminal.exited).toBe(0);
    // Those of earlier tests, who were killed, may only be gone now.
    const names = [first.name, second.name];
    const left = () =>
      watcher.pipe.events.filter(({ event, username }) => event === 'left' && names.includes(String(username)));
    await watcher.pipe.until(() => left().length === 2, 'both leaving');
    expect(left().map(({ reason }) => reason)).toEqual(['signed-out', 'signed-out']);
  });

  it('changes the password with hidden prompts, and deletes the account after confirmation (B7)', async () => {
    const { name, terminal } = await person('changer');
    terminal.enter('password');
    await terminal.shows('Password:');
    terminal.enter(PASSWORD);
    await terminal.shows('New password:');
    terminal.enter('another horse');
    await terminal.shows('Repeat the password:');
    terminal.enter('another horse');
    await terminal.shows('Your password is changed.');
    terminal.enter('delete-account');
    await terminal.shows('to delete it:');
    terminal.enter('no');
    await terminal.shows('Nothing was deleted.');
    terminal.enter('delete-account');
    await terminal.until((screen) => screen.split('to delete it:').length === 3, 'the question again');
    terminal.enter(name);
    await terminal.until((screen) => /to delete it: \S+\nPassword:/.test(screen), 'the password');
    terminal.enter('another horse');
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen).toContain('Your account is deleted.');
    expect(terminal.raw).not.toContain('another horse');
  });

  it('offers to take over, and the other session prints why it ended (B3)', async () => {
    const { name, terminal } = await person('double');
    const second = open(['--user', name, '--data', join(data, 'second')], { ASIDE_PASSWORD: PASSWORD });
    await second.shows('Take over');
    second.enter('yes');
    await second.shows(`Welcome, ${name}.`);
    expect(await terminal.exited).toBe(1);
    expect(terminal.screen).toContain('signed in elsewhere');
  });

  it('reconnects after the server was killed, and sends messages written meanwhile (D8, G7)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aside-server-'));
    const port = await freePort();
    const before = await startServer({ port, dataFolder: folder });
    const name = freshName('patient');
    const terminal = open(['--user', name, '--register'], { ASIDE_PASSWORD: PASSWORD }, 80, port);
    await terminal.shows(/Welcome[^]*\n>/);
    await before.killHard();
    await terminal.shows('(offline)');
    terminal.enter('message nobody-there hello');
    await terminal.shows('→ nobody-there: waiting');
    terminal.enter('message second hello');
    terminal.enter('outbox');
    await terminal.shows('2. second: hello');
    terminal.enter('cancel 2');
    await terminal.shows('The message is cancelled.');
    const after = await startServer({ port, dataFolder: folder });
    try {
      await terminal.shows(`(online) Signed in as ${name}.`);
      await terminal.shows('→ nobody-there: couldn’t send.');
      terminal.enter('outbox');
      await terminal.shows('No message is waiting.');
      expect(terminal.screen).not.toContain('→ second: couldn’t send');
    } finally {
      await after.cleanUp();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('signs in without the password after it was killed, and with the password after logout (B4)', async () => {
    const { name, terminal } = await person('returner');
    terminal.kill();
    await terminal.exited;
    const again = open(['--user', name]);
    await again.shows(`(online) Signed in as ${name}.`);
    again.enter('logout');
    expect(await again.exited).toBe(0);
    const third = open(['--user', name]);
    await third.shows('Password:');
    expect(third.screen).not.toContain('Signed in');
  });

  it('stays signed in while the user types, and is signed out when inactive (B5)', async () => {
    const strict = await startServer({ timeoutSeconds: 4 });
    try {
      const terminal = open(
        ['--user', freshName('typist'), '--register'],
        { ASIDE_PASSWORD: PASSWORD },
        80,
        strict.port,
      );
      await terminal.shows(/Welcome[^]*\n>/);
      const typing = setInterval(() => terminal.type('x'), 300);
      const start = Date.now();
      await terminal.until((screen) => (screen.match(/x/g)?.length ?? 0) > 18, 'a long line of x');
      clearInterval(typing);
      expect(Date.now() - start).toBeGreaterThan(4_500);
      expect(terminal.exitCode).toBeUndefined();
      expect(await terminal.exited).toBe(1);
      expect(terminal.screen).toContain('because you were inactive');
    } finally {
      await strict.cleanUp();
    }
  });
});
