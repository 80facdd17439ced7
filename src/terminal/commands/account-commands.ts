import { z } from 'zod';
import { terminalText } from '../../shared/text/terminal.ts';
import { askDeletion, askNewPassword } from '../password-prompt.ts';
import { mapOutcome, refuse } from './outcomes.ts';
import { nothing, oneUser } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about, answers, mistakes } = terminalText;

export interface Deletion {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

export const ACCOUNT_COMMANDS = {
  password: defineCommand({
    usage: 'password',
    about: about.password,
    parameters: z.strictObject({ password: z.string().optional(), newPassword: z.string().optional() }),
    answer: z.object({}),
    parse: nothing,
    prompt: askNewPassword,
    async run({ client, passwords }, given) {
      const password = given.password ?? passwords.password;
      const newPassword = given.newPassword ?? passwords.newPassword;
      if (password === undefined || newPassword === undefined) {
        return refuse('password-missing', mistakes.passwordsMissing);
      }
      return mapOutcome(await client.run('account.changePassword', { password, newPassword }), () => ({}));
    },
    print: () => answers.passwordChanged,
  }),
  'delete-account': defineCommand<Deletion, object>({
    usage: 'delete-account <own name>',
    about: about['delete-account'],
    parameters: z.strictObject({ user: z.string(), password: z.string().optional() }),
    answer: z.object({}),
    parse: (rest) => (rest.trim() === '' ? {} : oneUser(rest)),
    prompt: askDeletion,
    async run({ client, passwords }, { user, password = passwords.password }) {
      const own = client.snapshot().username ?? '';
      if (user === undefined || user !== own) return refuse('not-confirmed', mistakes.notConfirmed(own));
      if (password === undefined) return refuse('password-missing', mistakes.passwordMissing);
      return mapOutcome(await client.run('account.delete', { password }), () => ({}));
    },
    print: () => answers.accountDeleted,
  }),
};
