import { z } from 'zod';
import { terminalText } from '../../shared/text/terminal.ts';
import { mapOutcome } from './outcomes.ts';
import { splitWord } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about, answers } = terminalText;

export const MESSAGE_COMMANDS = {
  message: defineCommand({
    usage: 'message <user> <text>',
    about: about.message,
    completes: 'people',
    parameters: z.strictObject({ to: z.string(), text: z.string() }),
    answer: z.object({ id: z.string(), to: z.string(), status: z.literal('queued') }),
    parse(rest) {
      const [to, text] = splitWord(rest);
      return to === '' || text === '' ? undefined : { to, text };
    },
    async run({ client }, { to, text }) {
      const outcome = await client.run('message.send', { to, text });
      return mapOutcome(outcome, ({ message: { id } }) => ({ id, to, status: 'queued' as const }));
    },
    print: () => undefined,
    toEvent: (answer, tag) => ({ event: 'sent', ...answer, ...tag }),
  }),
  broadcast: defineCommand({
    usage: 'broadcast <text>',
    about: about.broadcast,
    parameters: z.strictObject({ text: z.string() }),
    answer: z.object({ recipients: z.number(), someBlocked: z.boolean() }),
    parse: (text) => (text.trim() === '' ? undefined : { text }),
    run: ({ client }, { text }) => client.run('message.broadcast', { text }),
    print: ({ recipients, someBlocked }) => answers.broadcast(recipients, someBlocked),
  }),
};
