import { describe, expect, it } from 'vitest';
import { completeLine } from '../../../src/terminal/complete-line.ts';
import { helpText, isCommandName, TERMINAL_COMMANDS } from '../../../src/terminal/commands/terminal-commands.ts';
import { parseJsonLine, parseLine } from '../../../src/terminal/parse-line.ts';
import type { PrivateConversation } from '../../../src/shared/client-api/private-view.ts';
import { emptyView } from '../../../src/shared/client-api/reduce.ts';

const action = (line: string) => {
  const parsed = parseLine(line);
  if (parsed.kind !== 'action') return parsed;
  const { parameters, ...command } = parsed.action;
  return { ...command, ...parameters };
};

describe('Text form of a command', () => {
  it.each([
    ['message hans hello', { command: 'message', to: 'hans', text: 'hello' }],
    ['  message   hans hello', { command: 'message', to: 'hans', text: 'hello' }],
    ['MESSAGE hans Hello', { command: 'message', to: 'hans', text: 'Hello' }],
    ['message hans   two  spaces ', { command: 'message', to: 'hans', text: '  two  spaces ' }],
    ['message hans a\\nb "c"', { command: 'message', to: 'hans', text: 'a\\nb "c"' }],
    ['message hans a\u2028b', { command: 'message', to: 'hans', text: 'a\u2028b' }],
    ['broadcast hello all', { command: 'broadcast', text: 'hello all' }],
    ['whoelse', { command: 'whoelse' }],
    ['whoelsesince 60', { command: 'whoelsesince', seconds: 60 }],
    ['block hans ', { command: 'block', user: 'hans' }],
    ['unblock hans', { command: 'unblock', user: 'hans' }],
    ['cancel 2', { command: 'cancel', number: 2 }],
    ['delete-account', { command: 'delete-account' }],
    ['startprivate hans', { command: 'startprivate', user: 'hans' }],
    ['startprivate hans  a word? ', { command: 'startprivate', user: 'hans', note: ' a word? ' }],
    ['private hans  hi', { command: 'private', user: 'hans', text: ' hi' }],
    ['stopprivate hans', { command: 'stopprivate', user: 'hans' }],
    ['yes ha', { command: 'yes', user: 'ha' }],
    ['no', { command: 'no' }],
    ['aside', { command: 'aside' }],
    ['safety hans', { command: 'safety', user: 'hans' }],
    ['verify hans', { command: 'verify', user: 'hans', verified: true }],
    ['verify hans off', { command: 'verify', user: 'hans', verified: false }],
    ['accept hans', { command: 'accept', user: 'hans' }],
    ['keep hans ON', { command: 'keep', user: 'hans', keep: true }],
    ['keep hans off', { command: 'keep', user: 'hans', keep: false }],
    ['reveal', { command: 'reveal' }],
    ['reveal off', { command: 'reveal', reveal: false }],
    ['reveal on hans', { command: 'reveal', reveal: true, user: 'hans' }],
    ['logout', { command: 'logout' }],
  ])('is parsed: %s', (line, expected) => expect(action(line)).toEqual(expected));

  it.each([
    'message',
    'message hans',
    'message hans ',
    'broadcast',
    'broadcast  ',
    'whoelse now',
    'whoelsesince',
    'whoelsesince -1',
    'whoelsesince 1.5',
    'whoelsesince ten',
    'block',
    'block a b',
    'search',
    'find  ',
    'cancel x',
    'logout now',
    'startprivate',
    'private hans',
    'yes a b',
    'verify hans maybe',
    'keep hans',
    'keep hans perhaps',
    'reveal hans',
    'reveal off hans luke',
  ])('yields its usage if the parameters do not fit: %s', (line) => {
    const command = line.split(' ')[0] ?? '';
    expect(parseLine(line)).toMatchObject({
      kind: 'mistake',
      command,
      text: expect.stringContaining(isCommandName(command) ? TERMINAL_COMMANDS[command].usage : 'no command'),
    });
  });

  it.each(['foo', '__proto__ x', 'constructor', '/help'])('yields a mistake for an unknown command: %s', (line) => {
    expect(parseLine(line)).toMatchObject({ kind: 'mistake', text: expect.stringContaining('Type help') });
  });

  it.each(['', '   ', '\t'])('may be empty: %j', (line) => expect(parseLine(line)).toEqual({ kind: 'nothing' }));

  it('is in the help of every command', () => {
    for (const { usage } of Object.values(TERMINAL_COMMANDS)) expect(helpText()).toContain(usage);
  });
});

describe('JSON form of a command', () => {
  it('is an object that can have several lines of text and a tag', () => {
    expect(parseJsonLine('{"command":"message","to":"hans","text":"a\\nb","tag":7}')).toEqual({
      kind: 'action',
      action: { command: 'message', parameters: { to: 'hans', text: 'a\nb' }, tag: 7 },
    });
  });

  it('can be replaced by the text form', () => expect(parseJsonLine('whoelse')).toEqual(parseLine('whoelse')));

  it.each([
    ['{', undefined, undefined],
    ['{"command":"message","to":"hans","tag":"a"}', 'message', 'a'],
    ['{"command":"whoelse","extra":1}', 'whoelse', undefined],
    ['{"command":"fly"}', 'fly', undefined],
    ['{"command":7,"tag":{}}', undefined, undefined],
  ])('yields a mistake with its command and tag if it does not fit: %s', (line, command, tag) => {
    const mistake = parseJsonLine(line);
    expect(mistake).toMatchObject({ kind: 'mistake' });
    expect([
      ('command' in mistake && mistake.command) || undefined,
      ('tag' in mistake && mistake.tag) || undefined,
    ]).toEqual([command, tag]);
  });
});

const asked: PrivateConversation['state'] = { state: 'asked', expiresAt: 1, trust: 'new' };
const talk = (username: string, state: PrivateConversation['state']): PrivateConversation => {
  return {
    sid: username,
    username,
    initiator: true,
    state,
    keep: { own: false, peer: false },
    lines: [],
    typing: false,
  };
};

describe('Completion', () => {
  const view = {
    ...emptyView(),
    people: [
      { username: 'Hans', since: 1 },
      { username: 'leia', since: 1 },
    ],
    conversations: [
      { id: '@hanna', username: 'hanna', unread: 0 },
      { id: '#everyone', unread: 0 },
    ],
    blacklist: ['vader'],
    privateSessions: [talk('yoda', { state: 'connecting', because: 'accepted' }), talk('obi', asked)],
  };
  it.each([
    ['who', ['whoelse ', 'whoelsesince '], 'who'],
    ['message ha', ['Hans ', 'hanna '], 'ha'],
    ['message ', ['Hans ', 'hanna ', 'leia '], ''],
    ['unblock ', ['vader '], ''],
    ['private ', ['yoda ', 'obi '], ''],
    ['yes ', ['obi '], ''],
    ['message hans hel', [], 'message hans hel'],
    ['broadcast ha', [], 'ha'],
    ['toString ', [], 'toString '],
  ])('completes commands and usernames: %j', (line, hits, part) =>
    expect(completeLine(line, view)).toEqual([hits, part]),
  );
});
