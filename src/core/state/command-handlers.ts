import type { CommandName, CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from './core.ts';

export type CommandHandler<K extends CommandName> = (
  core: Core,
  params: CommandParams<K>,
) => Outcome<CommandResult<K>> | Promise<Outcome<CommandResult<K>>>;

/** One handler for each command of a topic; a command without a handler does not compile. */
export type CommandHandlers<Names extends CommandName> = { readonly [K in Names]: CommandHandler<K> };

/** Names of the commands with one of these prefixes. */
export type CommandsOf<Prefix extends string> = Extract<CommandName, `${Prefix}.${string}`>;
