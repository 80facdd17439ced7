import type { OnlineSession, Sessions } from '../commands/services.ts';
import type { Blacklist } from '../domain/blacklist.ts';
import type { Account, AccountId } from '../store/store.ts';

/** The sessions, one for each account (B3). */
export class SessionRegistry implements Sessions {
  readonly #sessions = new Map<AccountId, OnlineSession>();

  constructor(private readonly blacklist: Blacklist) {}

  get size(): number {
    return this.#sessions.size;
  }

  of(account: AccountId): OnlineSession | undefined {
    return this.#sessions.get(account);
  }

  all(): Iterable<OnlineSession> {
    return this.#sessions.values();
  }

  add(session: OnlineSession): void {
    this.#sessions.set(session.account.id, session);
  }

  remove(session: OnlineSession): void {
    if (this.#sessions.get(session.account.id) === session) this.#sessions.delete(session.account.id);
  }

  announce(about: Account, line: string): void {
    for (const session of this.#sessions.values()) {
      if (session.account !== about && !this.blacklist.has(about.id, session.account.id)) session.send(line);
    }
  }
}
