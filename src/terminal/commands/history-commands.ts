import { z } from 'zod';
import { terminalText } from '../../shared/text/terminal.ts';
import { printable } from '../printable.ts';
import { listOr, summary, formatTimestamp } from '../text-parts.ts';
import { mapOutcome, refuse } from './outcomes.ts';
import { nothing, oneWord } from './read-words.ts';
import { defineCommand } from './terminal-command.ts';

const { about, answers, mistakes } = terminalText;

/** Messages that `find` returns. */
const FOUND = 20;

export const HISTORY_COMMANDS = {
  find: defineCommand({
    usage: 'find <text>',
    about: about.find,
    parameters: z.strictObject({ text: z.string() }),
    answer: z.object({
      /** The newest matches, oldest first. */
      messages: z.array(
        z.object({
          id: z.string(),
          from: z.string(),
          to: z.string().optional(),
          text: z.string(),
          at: z.number(),
        }),
      ),
      /** There may be older matches. */
      more: z.boolean(),
    }),
    parse: (text) => (text.trim() === '' ? undefined : { text }),
    run: async ({ client }, { text: wanted }) =>
      mapOutcome(await client.run('history.search', { text: wanted, limit: FOUND }), ({ messages, next }) => ({
        messages: messages.map(({ id, from, to, text, at }) => ({ id, from, to, text, at })).reverse(),
        more: next !== undefined,
      })),
    print({ messages, more }) {
      if (messages.length === 0) return more ? answers.noNewMessage : answers.noMessage;
      const lines = messages.map(({ from, to, text, at }) =>
        answers.foundLine(
          formatTimestamp(at),
          printable(from),
          to === undefined ? answers.everyone : printable(to),
          summary(text),
        ),
      );
      return (more ? [answers.olderMessages, ...lines] : lines).join('\n');
    },
  }),
  outbox: defineCommand({
    usage: 'outbox',
    about: about.outbox,
    parameters: z.strictObject({}),
    answer: z.object({
      messages: z.array(
        z.object({ id: z.string(), to: z.string(), text: z.string(), at: z.number(), attempted: z.boolean() }),
      ),
    }),
    parse: nothing,
    async run(context) {
      const outcome = await context.client.run('outbox.list', {});
      if (outcome.ok) context.listed = outcome.result.messages.map(({ id }) => id);
      return mapOutcome(outcome, ({ messages }) => ({
        messages: messages.map(({ id, to = '', text, at, status }) => {
          return { id, to, text, at, attempted: status.state === 'queued' && status.attempted };
        }),
      }));
    },
    print: ({ messages }) =>
      listOr(
        messages.map(({ to, text, attempted }, index) =>
          answers.outboxLine(index + 1, printable(to), summary(text), attempted),
        ),
        answers.outboxEmpty,
      ),
  }),
  /** The text form has the number of the message in the last `outbox`, the JSON form its id. */
  cancel: defineCommand<{ readonly id?: string; readonly number?: number }, { readonly id: string }>({
    usage: 'cancel <number>',
    about: about.cancel,
    parameters: z.strictObject({ id: z.string() }),
    answer: z.object({ id: z.string() }),
    parse(rest) {
      const word = oneWord(rest) ?? '';
      return /^\d{1,6}$/.test(word) ? { number: Number(word) } : undefined;
    },
    async run({ client, listed }, { id: given, number = 0 }) {
      const id = given ?? listed[number - 1];
      if (id === undefined) return refuse('not-waiting', mistakes.noSuchNumber);
      return mapOutcome(await client.run('message.cancel', { id }), () => ({ id }));
    },
    print: () => answers.cancelled,
  }),
};
