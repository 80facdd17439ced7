import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import { pageAfter, readPages } from './read-pages.ts';

/** Commands that find users and show their presence (C2, C3). */
export const PRESENCE_HANDLERS: CommandHandlers<CommandsOf<'people' | 'presence'>> = {
  'people.search': (core, { prefix, limit }) =>
    core.request('people.search', { prefix, ...(limit === undefined ? {} : { limit }) }),
  'presence.online': (core) => readPages((after) => core.request('presence.online', pageAfter(after))),
  'presence.history': (core, { seconds }) =>
    readPages((after) => core.request('presence.history', { seconds, ...pageAfter(after) })),
};
