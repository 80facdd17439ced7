import { COMMANDS, type CommandName, type CommandParams, type CommandResult } from '../shared/client-api/contract.ts';
import { failed, type Outcome } from '../shared/client-api/failure.ts';
import { BLACKLIST_HANDLERS } from './blacklist/blacklist-commands.ts';
import { HISTORY_HANDLERS } from './history/history-commands.ts';
import { MESSAGE_HANDLERS } from './messages/message-commands.ts';
import { PRESENCE_HANDLERS } from './presence/presence-commands.ts';
import { PRIVATE_HANDLERS } from './private/private-commands.ts';
import { SESSION_HANDLERS } from './session/session-commands.ts';
import type { CommandHandler, CommandHandlers } from './state/command-handlers.ts';
import type { Core } from './state/core.ts';

const HANDLERS: CommandHandlers<CommandName> = {
  ...SESSION_HANDLERS,
  ...PRESENCE_HANDLERS,
  ...MESSAGE_HANDLERS,
  ...HISTORY_HANDLERS,
  ...BLACKLIST_HANDLERS,
  ...PRIVATE_HANDLERS,
};

/**
 * Checks the parameters of a command against its schema, then runs the command.
 * @param params unchecked; they may come from another process
 */
export async function runCommand<K extends CommandName>(
  core: Core,
  name: K,
  params: CommandParams<K>,
): Promise<Outcome<CommandResult<K>>> {
  const checked = COMMANDS[name].params.safeParse(params);
  if (!checked.success) return failed('invalid-command');
  const handler: CommandHandler<K> = HANDLERS[name];
  return handler(core, checked.data as CommandParams<K>);
}
