import { z } from 'zod';
import { succeeded } from '../../shared/client-api/failure.ts';
import { addressRule, identityTrust, privateSession } from '../../shared/client-api/private-view.ts';
import { LIMITS } from '../../shared/limits.ts';
import { terminalText } from '../../shared/text/terminal.ts';
import { printable } from '../printable.ts';
import { listOr } from '../text-parts.ts';
import { mapOutcome, refuse } from './outcomes.ts';
import { pathText, safetyText, secondsLeft } from './private-parts.ts';
import { nothing, onOrOff, oneUser, splitWord } from './read-words.ts';
import { answerRequest } from './requests.ts';
import { defineCommand } from './terminal-command.ts';

const { about, mistakes, private: texts } = terminalText;
const user = z.string();
const ofUser = z.strictObject({ user });
const ofRequest = z.strictObject({ user: user.optional() });
const sessionOf = z.object({ user, sid: z.string() });
const identityOf = z.object({ user, identity: identityTrust });

/** Commands of private sessions. Most print nothing: the events of the session follow. */
export const PRIVATE_COMMANDS = {
  startprivate: defineCommand({
    usage: 'startprivate <user> [note]',
    about: about.startprivate,
    completes: 'people',
    parameters: z.strictObject({ user, note: z.string().optional() }),
    /** `expiresAt` is absent if both users have asked. */
    answer: z.object({ user, sid: z.string(), expiresAt: z.number().optional() }),
    parse(rest) {
      const [name, note] = splitWord(rest);
      if (name === '') return undefined;
      return note.trim() === '' ? { user: name } : { user: name, note };
    },
    async run({ client }, { user: username, note }) {
      if (note !== undefined && (Array.from(note).length > LIMITS.noteCharacters || /\p{Cc}/u.test(note))) {
        return refuse('too-long', mistakes.noteInvalid(LIMITS.noteCharacters));
      }
      const outcome = await client.run('private.ask', note === undefined ? { username } : { username, note });
      return mapOutcome(outcome, ({ sid }) => {
        const state = client.snapshot().privateSessions.find((session) => session.sid === sid)?.state;
        return { user: username, sid, ...(state?.state === 'asking' ? { expiresAt: state.expiresAt } : {}) };
      });
    },
    print: ({ user: name, expiresAt }) =>
      expiresAt === undefined
        ? undefined
        : `${texts.prefix} ${texts.asking(printable(name), secondsLeft(expiresAt, Date.now()))}`,
  }),
  yes: defineCommand({
    usage: 'yes [user] [hidden]',
    about: about.yes,
    completes: 'requests',
    parameters: ofRequest.extend({ hideAddress: z.literal(true).optional() }),
    answer: sessionOf,
    parse(rest) {
      const [name, more] = splitWord(rest);
      if (!['', 'hidden'].includes(more.trim())) return undefined;
      return { ...(name === '' ? {} : { user: name }), ...(more.trim() === '' ? {} : { hideAddress: true as const }) };
    },
    run: ({ client }, { user: start, hideAddress }) => answerRequest(client, start, { accept: true, hideAddress }),
    print: () => undefined,
  }),
  no: defineCommand({
    usage: 'no [user]',
    about: about.no,
    completes: 'requests',
    parameters: ofRequest,
    answer: sessionOf,
    parse: optionalUser,
    run: ({ client }, { user: start }) => answerRequest(client, start, { accept: false }),
    print: () => undefined,
  }),
  private: defineCommand({
    usage: 'private <user> <text>',
    about: about.private,
    completes: 'private-sessions',
    parameters: z.strictObject({ user, text: z.string() }),
    answer: z.object({ id: z.string(), sid: z.string(), to: z.string(), status: z.literal('sent') }),
    parse(rest) {
      const [name, text] = splitWord(rest);
      return name === '' || text === '' ? undefined : { user: name, text };
    },
    run: async ({ client }, { user: username, text }) =>
      mapOutcome(await client.run('private.say', { username, text }), ({ message }) => {
        return { id: message.id, sid: message.sid, to: message.username, status: 'sent' as const };
      }),
    print: () => undefined,
    toEvent: (answer, tag) => ({ event: 'private-sent', ...answer, ...tag }),
  }),
  stopprivate: defineCommand({
    usage: 'stopprivate <user>',
    about: about.stopprivate,
    completes: 'private-sessions',
    parameters: ofUser,
    answer: sessionOf,
    parse: oneUser,
    run: async ({ client }, { user: username }) =>
      mapOutcome(await client.run('private.end', { username }), ({ sid }) => ({ user: username, sid })),
    print: () => undefined,
  }),
  aside: defineCommand({
    usage: 'aside',
    about: about.aside,
    parameters: z.strictObject({}),
    answer: z.object({ sessions: z.array(privateSession) }),
    parse: nothing,
    run: async ({ client }) =>
      succeeded({
        sessions: client.snapshot().privateSessions.map(({ lines: _lines, typing: _typing, ...session }) => session),
      }),
    print: ({ sessions }) =>
      listOr(
        sessions.map(({ username, state }) => texts.session(printable(username), stateText(state))),
        texts.noSessions,
      ),
  }),
  safety: defineCommand({
    usage: 'safety <user>',
    about: about.safety,
    completes: 'people',
    parameters: ofUser,
    answer: z.object({ user, digits: z.string(), identity: identityTrust }),
    parse: oneUser,
    run: async ({ client }, { user: username }) =>
      mapOutcome(await client.run('private.safetyNumber', { username }), ({ digits, trust }) => {
        return { user: username, digits, identity: trust };
      }),
    print: ({ user: name, digits, identity }) => safetyText(printable(name), digits, identity),
  }),
  verify: defineCommand({
    usage: 'verify <user> [off]',
    about: about.verify,
    completes: 'people',
    parameters: z.strictObject({ user, verified: z.boolean().optional() }),
    answer: identityOf,
    parse(rest) {
      const [name, more] = splitWord(rest);
      if (name === '' || !['', 'off'].includes(more.trim())) return undefined;
      return { user: name, verified: more.trim() === '' };
    },
    run: async ({ client }, { user: username, verified = true }) =>
      mapOutcome(await client.run('private.verify', { username, verified }), ({ trust }) => {
        return { user: username, identity: trust };
      }),
    print: ({ user: name, identity }) =>
      identity === 'verified' ? texts.verified(printable(name)) : texts.notVerified(printable(name)),
  }),
  accept: defineCommand({
    usage: 'accept <user>',
    about: about.accept,
    completes: 'people',
    parameters: ofUser,
    answer: identityOf,
    parse: oneUser,
    run: async ({ client }, { user: username }) =>
      mapOutcome(await client.run('private.acceptIdentity', { username }), ({ trust }) => {
        return { user: username, identity: trust };
      }),
    print: ({ user: name }) => texts.identityAccepted(printable(name)),
  }),
  keep: defineCommand({
    usage: 'keep <user> on|off',
    about: about.keep,
    completes: 'private-sessions',
    parameters: z.strictObject({ user, keep: z.boolean() }),
    answer: z.object({ user, keep: z.boolean() }),
    parse(rest) {
      const [name, more] = splitWord(rest);
      const keep = onOrOff(more);
      return name === '' || keep === undefined ? undefined : { user: name, keep };
    },
    run: async ({ client }, { user: username, keep }) =>
      mapOutcome(await client.run('private.keep', { username, keep }), () => ({ user: username, keep })),
    print: () => undefined,
  }),
  reveal: defineCommand({
    usage: 'reveal [on|off [user]]',
    about: about.reveal,
    parameters: z.strictObject({ reveal: z.boolean().optional(), user: user.optional() }),
    answer: addressRule,
    parse(rest) {
      const [word, more] = splitWord(rest);
      const [name, tooMuch] = splitWord(more);
      const reveal = onOrOff(word);
      if (tooMuch.trim() !== '' || (word !== '' && reveal === undefined)) return undefined;
      if (reveal === undefined) return {};
      return name === '' ? { reveal } : { reveal, user: name };
    },
    async run({ client }, { reveal, user: username }) {
      if (reveal === undefined) return succeeded(client.snapshot().addressRule);
      const outcome = await client.run(
        'private.revealAddress',
        username === undefined ? { reveal } : { reveal, username },
      );
      return mapOutcome(outcome, ({ addressRule: rule }) => rule);
    },
    print({ reveal, people }) {
      const everyone = reveal ? texts.revealed : texts.notRevealed;
      const exceptions = Object.entries(people).filter(([, allowed]) => allowed !== reveal);
      if (exceptions.length === 0) return everyone;
      return `${everyone}\n${texts.exceptions(exceptions.map(([name]) => printable(name)).join(', '), reveal)}`;
    },
  }),
};

function optionalUser(rest: string): { user?: string } | undefined {
  return rest.trim() === '' ? {} : oneUser(rest);
}

function stateText(state: z.infer<typeof privateSession>['state']): string {
  return state.state === 'open'
    ? texts.states.open(pathText(state.path), texts.identities[state.trust])
    : texts.states[state.state];
}
