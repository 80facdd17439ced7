import { COMMANDS, type CommandName, type CommandParams, type CommandResult } from '../shared/client-api/contract.ts';
import { failed, type Outcome } from '../shared/client-api/failure.ts';
import { block } from './blacklist/block.ts';
import { readBlacklist } from './blacklist/read-blacklist.ts';
import { unblock } from './blacklist/unblock.ts';
import { broadcast } from './messages/broadcast.ts';
import { cancelMessage } from './messages/cancel-message.ts';
import { listOutbox, pageHistory, readConversation } from './messages/history.ts';
import { sendMessage } from './messages/send-message.ts';
import { setTyping } from './messages/set-typing.ts';
import { aroundMessage, pageForward } from './history/around-message.ts';
import { deleteHistory, deleteMessage } from './history/delete-history.ts';
import { exportHistory } from './history/export-history.ts';
import { importHistory } from './history/import-history.ts';
import { searchHistory } from './history/search-history.ts';
import { acceptIdentity } from './private/commands/accept-identity.ts';
import { answer } from './private/commands/answer.ts';
import { ask } from './private/commands/ask.ts';
import { cancel } from './private/commands/cancel.ts';
import { end } from './private/commands/end.ts';
import { keep } from './private/commands/keep.ts';
import { revealAddress } from './private/commands/reveal-address.ts';
import { safetyNumber } from './private/commands/safety-number.ts';
import { say } from './private/commands/say.ts';
import { setPrivateTyping } from './private/commands/set-private-typing.ts';
import { verify } from './private/commands/verify.ts';
import { onlineHistory, peopleOnline } from './presence/people-online.ts';
import { searchPeople } from './presence/search-people.ts';
import { acceptCertificate } from './session/accept-certificate.ts';
import { changePassword, deleteAccount } from './session/account.ts';
import { activity } from './session/activity.ts';
import { measure } from './session/measure.ts';
import { resume, tryNow } from './session/resume.ts';
import { register, signIn } from './session/sign-in.ts';
import { signOut } from './session/sign-out.ts';
import type { Core } from './state/core.ts';

type Handler<K extends CommandName> = (
  core: Core,
  params: CommandParams<K>,
) => Outcome<CommandResult<K>> | Promise<Outcome<CommandResult<K>>>;

/** What each command does. A new one in the contract without a handler does not compile. */
type Handlers = { readonly [K in CommandName]: Handler<K> };

const HANDLERS: Handlers = {
  'session.signIn': signIn,
  'session.register': register,
  'session.resume': resume,
  'session.tryNow': tryNow,
  'session.signOut': signOut,
  'session.activity': activity,
  'session.measure': measure,
  'session.acceptCertificate': acceptCertificate,
  'account.changePassword': changePassword,
  'account.delete': deleteAccount,
  'people.search': searchPeople,
  'presence.online': peopleOnline,
  'presence.history': onlineHistory,
  'message.send': sendMessage,
  'message.cancel': cancelMessage,
  'message.broadcast': broadcast,
  'outbox.list': listOutbox,
  'typing.set': setTyping,
  'history.page': pageHistory,
  'history.search': searchHistory,
  'history.around': aroundMessage,
  'history.after': pageForward,
  'message.delete': deleteMessage,
  'history.delete': deleteHistory,
  'history.export': exportHistory,
  'history.import': importHistory,
  'conversation.read': readConversation,
  'blacklist.add': block,
  'blacklist.remove': unblock,
  'blacklist.list': readBlacklist,
  'private.ask': ask,
  'private.answer': answer,
  'private.cancel': cancel,
  'private.end': end,
  'private.say': say,
  'private.typing': setPrivateTyping,
  'private.keep': keep,
  'private.safetyNumber': safetyNumber,
  'private.verify': verify,
  'private.acceptIdentity': acceptIdentity,
  'private.revealAddress': revealAddress,
};

/**
 * Runs one command of a user interface. Its parameters become trusted here.
 * @param params as they came, perhaps from another process
 */
export async function runCommand<K extends CommandName>(
  core: Core,
  name: K,
  params: CommandParams<K>,
): Promise<Outcome<CommandResult<K>>> {
  const checked = COMMANDS[name].params.safeParse(params);
  if (!checked.success) return failed('invalid-command');
  const handler: Handler<K> = HANDLERS[name];
  return handler(core, checked.data as CommandParams<K>);
}
