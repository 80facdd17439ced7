import { z } from 'zod';
import { succeeded } from '../../shared/client-api/failure.ts';
import { terminalText } from '../../shared/text/terminal.ts';
import { nothing } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about } = terminalText;

export const PROGRAM_COMMANDS = {
  help: defineCommand({
    usage: 'help',
    about: about.help,
    parameters: z.strictObject({}),
    answer: z.object({ text: z.string() }),
    parse: () => ({}),
    run: async ({ helpText }) => succeeded({ text: helpText() }),
    print: ({ text }) => text.trimEnd(),
  }),
  logout: defineCommand({
    usage: 'logout',
    about: about.logout,
    parameters: z.strictObject({}),
    answer: z.object({}),
    parse: nothing,
    async run({ client }) {
      await client.run('session.signOut', {});
      return succeeded({});
    },
    print: () => undefined,
  }),
};
