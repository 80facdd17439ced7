import { COMMANDS, type CommandName, type CommandParams, type CommandResult } from '../shared/client-api/contract.ts';
import { failed, type Outcome } from '../shared/client-api/failure.ts';
import { BLACKLIST_COMMANDS } from './blacklist/blacklist-commands.ts';
import { HISTORY_COMMANDS } from './history/history-commands.ts';
import { MESSAGE_COMMANDS } from './messages/message-commands.ts';
import { PRESENCE_COMMANDS } from './presence/presence-commands.ts';
import { PRIVATE_COMMANDS } from './private/private-commands.ts';
import { SESSION_COMMANDS } from './session/session-commands.ts';
import type { CommandHandler, CommandHandlers } from './state/command-handlers.ts';
import type { Core } from './state/core.ts';

const HANDLERS: CommandHandlers<CommandName> = {
  ...SESSION_COMMANDS,
  ...PRESENCE_COMMANDS,
  ...MESSAGE_COMMANDS,
  ...HISTORY_COMMANDS,
  ...BLACKLIST_COMMANDS,
  ...PRIVATE_COMMANDS,
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
