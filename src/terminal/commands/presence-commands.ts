import { z } from 'zod';
import { terminalText } from '../../shared/text/terminal.ts';
import { printable } from '../printable.ts';
import { listOr, formatTimestamp } from '../text-parts.ts';
import { mapOutcome } from './outcomes.ts';
import { nothing, oneWord } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about, answers } = terminalText;
/** From, to; `null`: still online. Milliseconds since 1970 UTC. */
const interval = z.tuple([z.number(), z.number().nullable()]);

export const PRESENCE_COMMANDS = {
  whoelse: defineCommand({
    usage: 'whoelse',
    about: about.whoelse,
    parameters: z.strictObject({}),
    answer: z.object({ users: z.array(z.object({ username: z.string(), since: z.number() })) }),
    parse: nothing,
    run: async ({ client }) => mapOutcome(await client.run('presence.online', {}), ({ users }) => ({ users })),
    print: ({ users }) =>
      listOr(
        users.map(({ username, since }) => answers.onlineSince(printable(username), formatTimestamp(since))),
        answers.noneOnline,
      ),
  }),
  whoelsesince: defineCommand({
    usage: 'whoelsesince <seconds>',
    about: about.whoelsesince,
    parameters: z.strictObject({ seconds: z.int().nonnegative() }),
    answer: z.object({ users: z.array(z.object({ username: z.string(), intervals: z.array(interval) })) }),
    parse: (rest) => (/^\d{1,10}$/.test(rest.trim()) ? { seconds: Number(rest) } : undefined),
    run: async ({ client }, { seconds }) =>
      mapOutcome(await client.run('presence.history', { seconds }), ({ users }) => ({ users })),
    print: ({ users }) =>
      listOr(
        users.map(({ username, intervals }) =>
          answers.wasOnline(printable(username), intervals.map(intervalText).join(', ')),
        ),
        answers.noneWasOnline,
      ),
  }),
  search: defineCommand({
    usage: 'search <prefix>',
    about: about.search,
    completes: 'people',
    parameters: z.strictObject({ prefix: z.string() }),
    answer: z.object({ users: z.array(z.object({ username: z.string(), online: z.boolean() })) }),
    parse(rest) {
      const prefix = oneWord(rest);
      return prefix === undefined ? undefined : { prefix };
    },
    run: async ({ client }, { prefix }) =>
      mapOutcome(await client.run('people.search', { prefix }), ({ users }) => ({ users })),
    print: ({ users }) =>
      listOr(
        users.map(({ username, online }) => answers.found(printable(username), online)),
        answers.noneFound,
      ),
  }),
};

function intervalText([from, to]: z.infer<typeof interval>): string {
  return answers.interval(formatTimestamp(from), to === null ? answers.now : formatTimestamp(to));
}
