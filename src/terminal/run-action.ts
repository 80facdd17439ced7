import type { Client } from '../core/client.ts';
import type { Failure, Outcome } from '../shared/client-api/failure.ts';
import { en } from '../shared/text/en.ts';
import { failureText } from '../shared/text/failure-text.ts';
import type { Action } from './action.ts';
import type { Answer, Happening } from './happening.ts';
import { mapOutcome, refuse } from './outcomes.ts';
import { runPrivate } from './run-private.ts';
import { helpText } from './usage.ts';

/** What a command came to. */
export interface ActionOutcome {
  readonly happening: Happening | undefined;
  /** What was asked for was done, or, for a message, is on its way. */
  readonly done: boolean;
  /** Id of a message whose fate is still open. */
  readonly sentId?: string;
}

/** Messages that `find` tells. */
const FOUND = 20;

/** Runs what lines ask for on the client. */
export class ActionRunner {
  /** Ids in the order in which `outbox` listed them last. */
  #listed: readonly string[] = [];

  /** @param passwords from the environment, for commands that need one where nobody can be asked */
  constructor(
    private readonly client: Client,
    private readonly passwords: { readonly password: string | undefined; readonly newPassword: string | undefined },
  ) {}

  async run(action: Action): Promise<ActionOutcome> {
    const tagged = action.tag === undefined ? {} : { tag: action.tag };
    if (action.command === 'message') return await this.#message(action, tagged);
    if (action.command === 'private') return await this.#private(action, tagged);
    const outcome = await this.#answer(action);
    if (!outcome.ok) return { happening: errorHappening(outcome.failure, action.command, action.tag), done: false };
    return { happening: { event: 'answer', ...outcome.result, ...tagged }, done: true };
  }

  async #message(
    { to, text }: Extract<Action, { command: 'message' }>,
    tagged: { tag?: string | number },
  ): Promise<ActionOutcome> {
    const outcome = await this.client.run('message.send', { to, text });
    if (!outcome.ok) return { happening: errorHappening(outcome.failure, 'message', tagged.tag), done: false };
    const { id } = outcome.result.message;
    return { happening: { event: 'sent', id, to, status: 'queued', ...tagged }, done: true, sentId: id };
  }

  async #private(
    { user, text }: Extract<Action, { command: 'private' }>,
    tagged: { tag?: string | number },
  ): Promise<ActionOutcome> {
    const outcome = await this.client.run('private.say', { username: user, text });
    if (!outcome.ok) return { happening: errorHappening(outcome.failure, 'private', tagged.tag), done: false };
    const { id, sid, username: to } = outcome.result.message;
    return { happening: { event: 'private-sent', id, sid, to, status: 'sent', ...tagged }, done: true };
  }

  async #answer(action: Exclude<Action, { command: 'message' | 'private' }>): Promise<Outcome<Answer>> {
    const { client } = this;
    switch (action.command) {
      case 'broadcast': {
        const { command, text } = action;
        return mapOutcome(await client.run('message.broadcast', { text }), (result) => ({ command, ...result }));
      }
      case 'whoelse': {
        const { command } = action;
        return mapOutcome(await client.run('presence.online', {}), ({ users }) => ({ command, users }));
      }
      case 'whoelsesince': {
        const { command, seconds } = action;
        return mapOutcome(await client.run('presence.history', { seconds }), ({ users }) => ({ command, users }));
      }
      case 'search': {
        const { command, prefix } = action;
        return mapOutcome(await client.run('people.search', { prefix }), ({ users }) => ({ command, users }));
      }
      case 'block':
      case 'unblock': {
        const { command, user } = action;
        const name = command === 'block' ? 'blacklist.add' : 'blacklist.remove';
        return mapOutcome(await client.run(name, { username: user }), () => ({ command, user }));
      }
      case 'blacklist': {
        const { command } = action;
        return mapOutcome(await client.run('blacklist.list', {}), ({ users }) => ({ command, users }));
      }
      case 'find': {
        const { command, text } = action;
        return mapOutcome(await client.run('history.search', { text, limit: FOUND }), ({ messages, next }) => {
          const found = messages.map(({ id, from, to, text, at }) => ({ id, from, to, text, at })).reverse();
          return { command, messages: found, more: next !== undefined };
        });
      }
      case 'outbox':
        return await this.#outbox();
      case 'cancel':
        return await this.#cancel(action);
      case 'password':
        return await this.#changePassword(action);
      case 'delete-account':
        return await this.#deleteAccount(action);
      case 'startprivate':
      case 'stopprivate':
      case 'yes':
      case 'no':
      case 'aside':
      case 'safety':
      case 'verify':
      case 'accept':
      case 'keep':
      case 'reveal':
        return await runPrivate(client, action);
      case 'help':
        return { ok: true, result: { command: 'help', text: helpText() } };
      case 'logout':
        await client.run('session.signOut', {});
        return { ok: true, result: { command: 'logout' } };
    }
  }

  async #outbox(): Promise<Outcome<Answer>> {
    const outcome = await this.client.run('outbox.list', {});
    if (outcome.ok) this.#listed = outcome.result.messages.map(({ id }) => id);
    return mapOutcome(outcome, ({ messages }) => ({
      command: 'outbox',
      messages: messages.map(({ id, to = '', text, at, status }) => {
        return { id, to, text, at, attempted: status.state === 'queued' && status.attempted };
      }),
    }));
  }

  async #cancel({ id, number = 0 }: Extract<Action, { command: 'cancel' }>): Promise<Outcome<Answer>> {
    const chosen = id ?? this.#listed[number - 1];
    if (chosen === undefined)
      return refuse('not-waiting', 'There is no message with that number. Type outbox to see them.');
    return mapOutcome(await this.client.run('message.cancel', { id: chosen }), () => ({
      command: 'cancel',
      id: chosen,
    }));
  }

  async #changePassword(action: Extract<Action, { command: 'password' }>): Promise<Outcome<Answer>> {
    const password = action.password ?? this.passwords.password;
    const newPassword = action.newPassword ?? this.passwords.newPassword;
    if (password === undefined || newPassword === undefined) {
      return refuse(
        'password-missing',
        'The old and the new password are needed: set ASIDE_PASSWORD and ASIDE_NEW_PASSWORD.',
      );
    }
    return mapOutcome(await this.client.run('account.changePassword', { password, newPassword }), () => ({
      command: 'password',
    }));
  }

  async #deleteAccount(action: Extract<Action, { command: 'delete-account' }>): Promise<Outcome<Answer>> {
    const own = this.client.snapshot().username;
    if (action.user === undefined || action.user !== own) {
      return refuse(
        'not-confirmed',
        `Nothing was deleted. To be sure, name your own account: delete-account ${own ?? ''}`,
      );
    }
    const password = action.password ?? this.passwords.password;
    if (password === undefined) return refuse('password-missing', 'The password is needed: set ASIDE_PASSWORD.');
    return mapOutcome(await this.client.run('account.delete', { password }), () => ({ command: 'delete-account' }));
  }
}

/** A failure as an output event, with its sentence. */
export function errorHappening(failure: Failure, command?: string, tag?: string | number): Happening {
  const { detail: _detail, message: _message, certificate, ...shown } = failure;
  const fingerprints = certificate === undefined ? '' : certificateLines(certificate);
  return {
    event: 'error',
    ...shown,
    text: `${failureText(en, failure)}${fingerprints}`,
    ...(command === undefined ? {} : { command }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function certificateLines({ expected, presented }: NonNullable<Failure['certificate']>): string {
  return `${expected === undefined ? '' : `\n  known:     ${expected}`}\n  presented: ${presented}`;
}
