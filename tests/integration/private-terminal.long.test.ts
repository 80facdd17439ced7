import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { PipedClient } from '../support/client-program.ts';
import { TerminalProgram } from '../support/client-terminal.ts';
import { contents } from '../support/private-users.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

const ENVIRONMENT = { ASIDE_PASSWORD: 'correct horse' };
let server: RunningServer;
let program: Bundle;
let data: string;
let names = 0;
const started: (TerminalProgram | PipedClient)[] = [];

beforeAll(async () => {
  [server, program] = await Promise.all([
    startServer(),
    bundleProgram(new URL('../../src/terminal/index.ts', import.meta.url)),
  ]);
  data = mkdtempSync(join(tmpdir(), 'aside-private-terminal-'));
});
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.kill();
    await one.exited;
  }
});
afterAll(async () => {
  await server.cleanUp();
  program.remove();
  rmSync(data, { recursive: true, force: true });
});

const args = (name: string) => ['127.0.0.1', String(server.port), '--data', data, '--user', name, '--register'];

async function terminal(base: string): Promise<{ name: string; at: TerminalProgram }> {
  const name = `${base}${++names}`;
  const at = new TerminalProgram(program.file, args(name), ENVIRONMENT, 130);
  started.push(at);
  await at.shows(/Welcome[^]*\n>/);
  return { name, at };
}

async function piped(base: string): Promise<{ name: string; pipe: PipedClient }> {
  const name = `${base}${++names}`;
  const pipe = new PipedClient(program.file, [...args(name), '--json'], ENVIRONMENT);
  started.push(pipe);
  await pipe.says('"signed-in"');
  return { name, pipe };
}

/** Waits for a JSON event of a client in a pipe. */
async function tells(pipe: PipedClient, expected: Readonly<Record<string, unknown>>): Promise<void> {
  const fits = () =>
    pipe.events.some((event) => Object.entries(expected).every(([member, value]) => event[member] === value));
  await pipe.until(fits, JSON.stringify(expected));
}

async function talking(hans: { name: string; pipe: PipedClient }, kevin: { name: string; pipe: PipedClient }) {
  hans.pipe.line({ command: 'startprivate', user: kevin.name, note: 'a word?' });
  await tells(kevin.pipe, { event: 'private', state: 'asked', username: hans.name, note: 'a word?', identity: 'new' });
  kevin.pipe.line('yes');
  await tells(hans.pipe, { event: 'private', state: 'open', username: kevin.name });
  await tells(kevin.pipe, { event: 'private', state: 'open', username: hans.name });
}

describe('Two terminal clients', () => {
  it('request, accept by a username prefix, exchange messages, compare and end (F1, F5, F6, F8)', async () => {
    const [hans, kevin] = [await terminal('hans'), await terminal('kevin')];
    hans.at.enter(`startprivate ${kevin.name} got a minute?`);
    await hans.at.shows(`[aside] Asking ${kevin.name} to talk aside (`);
    await hans.at.shows(/\((60|5\d) s to answer; stopprivate \w+ cancels the request\)/);
    await kevin.at.shows(`[aside] ${hans.name} asks to talk aside: got a minute?`);
    await kevin.at.shows('Device identity: not seen before.');
    kevin.at.enter('yes ha');
    await hans.at.shows(`${kevin.name} says yes.`);
    for (const { at } of [hans, kevin]) {
      await at.shows(/You are talking aside with \w+: direct on this network \([\d.a-f:]+\)\. Nothing of it is kept\./);
    }
    kevin.at.type('half a li');
    await kevin.at.shows('> half a li');
    hans.at.enter(`private ${kevin.name} geheimnis eins`);
    await kevin.at.shows(`[aside] ${hans.name}: geheimnis eins`);
    await hans.at.shows(`→ [aside] ${kevin.name}: delivered`);
    // An incoming message does not break the line that the user types.
    await kevin.at.until((screen) => screen.endsWith('> half a li'), 'the half-typed line');
    kevin.at.type('\u0015');
    kevin.at.enter(`private ${hans.name} geheimnis zwei`);
    await hans.at.shows(`[aside] ${kevin.name}: geheimnis zwei`);
    const numberOn = async (at: TerminalProgram, other: string): Promise<string> => {
      at.enter(`safety ${other}`);
      await at.shows(/(\d{5} ){3}\d{5}\n +(\d{5} ){3}\d{5}\n +(\d{5} ){3}\d{5}\n/);
      return at.screen.match(/\b\d{5}\b(?= |\n)/g)?.join(' ') ?? '';
    };
    const number = await numberOn(hans.at, kevin.name);
    expect(number).toHaveLength(71);
    expect(await numberOn(kevin.at, hans.name)).toBe(number);
    hans.at.enter(`verify ${kevin.name}`);
    await hans.at.shows(`${kevin.name} is marked as verified.`);
    kevin.at.enter(`stopprivate ${hans.name}`);
    await hans.at.shows(`[aside] ${kevin.name} ended the private session.`);
    await kevin.at.shows(`[aside] You ended the private session with ${hans.name}.`);
    for (const { at } of [hans, kevin]) {
      at.enter('logout');
      expect(await at.exited).toBe(0);
    }
    expect(contents(data) + contents(server.dataFolder) + server.stdout() + server.stderr()).not.toContain('geheimnis');
  });

  it('decline a request, and hide the address with the tunnel (F2, F4)', async () => {
    const [hans, kevin] = [await terminal('hans'), await terminal('kevin')];
    hans.at.enter(`startprivate ${kevin.name}`);
    await kevin.at.shows('asks to talk aside.');
    kevin.at.enter('no');
    await hans.at.shows(`[aside] ${kevin.name} declined to talk aside.`);
    kevin.at.enter('reveal off');
    await kevin.at.shows('No user learns your address');
    kevin.at.enter(`startprivate ${hans.name}`);
    await hans.at.shows(`[aside] ${kevin.name} asks to talk aside.`);
    hans.at.enter(`yes ${kevin.name}`);
    for (const { at } of [hans, kevin]) await at.shows('relayed, still encrypted. Nothing of it is kept.');
    hans.at.enter(`private ${kevin.name} geheimnis`);
    await kevin.at.shows(`[aside] ${hans.name}: geheimnis`);
    // Leaving ends the session for the peer.
    hans.at.enter('logout');
    await kevin.at.shows(`[aside] ${hans.name} has left; the private session is over.`);
  });
});

describe('Clients with --json', () => {
  it('print events in the shapes of docs/terminal.md and deliver messages sent right before the end (F5)', async () => {
    const [hans, kevin] = [await piped('hans'), await piped('kevin')];
    await talking(hans, kevin);
    hans.pipe.line({ command: 'private', user: kevin.name, text: 'two\nlines', tag: 7 });
    await tells(hans.pipe, { event: 'private-sent', status: 'sent', tag: 7, to: kevin.name });
    await tells(hans.pipe, { event: 'private-sent', status: 'delivered', to: kevin.name });
    await tells(kevin.pipe, { event: 'private-message', from: hans.name, text: 'two\nlines', kept: false });
    kevin.pipe.line({ command: 'keep', user: hans.name, keep: true });
    await tells(hans.pipe, { event: 'private-keep', own: false, peer: true, by: 'peer' });
    kevin.pipe.line({ command: 'aside', tag: 'list' });
    await tells(kevin.pipe, { event: 'answer', command: 'aside', tag: 'list' });
    const last = Array.from({ length: 300 }, (_one, n) => ({ command: 'private', user: hans.name, text: `last ${n}` }));
    expect(await kevin.pipe.end(...last)).toBe(0);
    await tells(hans.pipe, { event: 'private', state: 'ended', reason: 'peer-left' });
    const heard = hans.pipe.events.filter(({ event }) => event === 'private-message').map(({ text }) => text);
    expect(heard).toEqual(Array.from({ length: 300 }, (_one, n) => `last ${n}`));
  });

  it.each([
    ['directly', 'reveal on'],
    ['through the tunnel', 'reveal off'],
  ])(
    'print the end of a session in time, with its reason, when the other client is killed, %s (F6)',
    async (_how, reveal) => {
      const [hans, kevin] = [await piped('hans'), await piped('kevin')];
      hans.pipe.line(reveal);
      await tells(hans.pipe, { event: 'answer', command: 'reveal' });
      await talking(hans, kevin);
      hans.pipe.line({ command: 'private', user: kevin.name, text: 'geheimnis' });
      await tells(kevin.pipe, { event: 'private-message', from: hans.name });
      const before = Date.now();
      kevin.pipe.kill();
      await tells(hans.pipe, { event: 'private', state: 'connecting', because: 'path-lost' });
      expect(Date.now() - before).toBeLessThan(5_000);
      await tells(hans.pipe, { event: 'private', state: 'ended', reason: 'peer-left' });
      expect(Date.now() - before).toBeLessThan(20_000);
      expect(contents(data)).not.toContain('geheimnis');
    },
  );
});
