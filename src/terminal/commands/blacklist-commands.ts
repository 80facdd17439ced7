import { z } from 'zod';
import { terminalText } from '../../shared/text/terminal.ts';
import { printable } from '../printable.ts';
import { listOr } from '../text-parts.ts';
import { mapOutcome } from './outcomes.ts';
import { nothing, oneUser } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about, answers } = terminalText;

export const BLACKLIST_COMMANDS = {
  block: defineCommand({
    usage: 'block <user>',
    about: about.block,
    completes: 'people',
    parameters: z.strictObject({ user: z.string() }),
    answer: z.object({ user: z.string() }),
    parse: oneUser,
    run: async ({ client }, { user }) =>
      mapOutcome(await client.run('blacklist.add', { username: user }), () => ({ user })),
    print: ({ user }) => answers.blocked(printable(user)),
  }),
  unblock: defineCommand({
    usage: 'unblock <user>',
    about: about.unblock,
    completes: 'blocked',
    parameters: z.strictObject({ user: z.string() }),
    answer: z.object({ user: z.string() }),
    parse: oneUser,
    run: async ({ client }, { user }) =>
      mapOutcome(await client.run('blacklist.remove', { username: user }), () => ({ user })),
    print: ({ user }) => answers.unblocked(printable(user)),
  }),
  blacklist: defineCommand({
    usage: 'blacklist',
    about: about.blacklist,
    parameters: z.strictObject({}),
    answer: z.object({ users: z.array(z.string()) }),
    parse: nothing,
    run: async ({ client }) => mapOutcome(await client.run('blacklist.list', {}), ({ users }) => ({ users })),
    print: ({ users }) => listOr(users.map(printable), answers.noneBlocked),
  }),
};
