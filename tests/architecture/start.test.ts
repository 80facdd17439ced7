import { spawn as spawnProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';

/** A command at a terminal: npm, its script and the program in one group of processes, as a person runs it. */
class AtTerminal {
  shown = '';
  readonly ended: Promise<number>;
  readonly #pty: IPty;

  constructor(command: string, args: string[]) {
    this.#pty = spawn(command, args, { cwd: ROOT, cols: 200, rows: 50 });
    this.#pty.onData((text) => (this.shown += text));
    this.ended = new Promise((resolve) => this.#pty.onExit(({ exitCode }) => resolve(exitCode)));
    onTestFinished(() => this.#pty.kill('SIGKILL'));
  }

  /** Waits until something is shown. */
  async until(text: string): Promise<void> {
    await expect.poll(() => this.shown, { timeout: 80_000, interval: 20 }).toContain(text);
  }

  type(text: string): void {
    this.#pty.write(text);
  }
}

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aside-start-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'data');
}

describe('npm start', () => {
  it('starts server and app, prints how to connect, and shuts both down on Ctrl-C (A6)', async () => {
    const terminal = new AtTerminal('npm', [
      'start',
      '--',
      '0',
      '120',
      '60',
      '--host',
      '127.0.0.1',
      '--data',
      await dataFolder(),
    ]);
    await terminal.until('Waiting for connection request from clients');
    // npm and the terminal both pass Ctrl-C on; were it to reach the server twice, it would not have stopped in order.
    await terminal.until('?key=');
    expect(terminal.shown).toMatch(/npm run client -- 127\.0\.0\.1 [1-9]\d+/);
    terminal.type('\u0003');
    await terminal.until('stopped');
    expect(await terminal.ended).toBe(0);
  });

  it('ends the server when npm receives a signal (A6)', async () => {
    const folder = await dataFolder();
    const npm = spawnProcess('npm', ['start', '--', '0', '120', '60', '--host', '127.0.0.1', '--data', folder], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    // The server holds the pipes open for as long as it runs.
    const ended = new Promise((resolve) => npm.on('close', resolve));
    await expect.poll(() => said, { timeout: 80_000, interval: 20 }).toContain('started');
    npm.kill('SIGTERM');
    await ended;
    expect(said).toContain('stopped');
  });

  it('passes on the exit code and message of a server that cannot start', async () => {
    const terminal = new AtTerminal('npm', ['start', '--', 'twelve', '120', '60']);
    expect(await terminal.ended).toBe(2);
    expect(terminal.shown).toMatch(/usage/i);
  });
});
