import type { AuthenticatedSession } from '../commands/services.ts';
import type { DepartureReason, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';
import type { Account } from '../store/store.ts';
import type { Departure } from './departure.ts';

/** The connection under an authenticated session. */
export interface SessionConnection {
  readonly observed: string;
  readonly isCongested: boolean;
  send(line: string): void;
  end(reason: SessionEndReason, retryAfterMs?: number, departure?: Departure): void;
  leave(departure: Departure): void;
}

/** The authenticated session of a connection, as commands and other sessions see it. */
export class AccountSession implements AuthenticatedSession {
  constructor(
    private readonly connection: SessionConnection,
    readonly account: Account,
    readonly deviceId: string,
    readonly tokenFamily: string,
  ) {}

  get observed(): string {
    return this.connection.observed;
  }

  get isCongested(): boolean {
    return this.connection.isCongested;
  }

  send(line: string): void {
    this.connection.send(line);
  }

  end(reason: SessionEndReason, retryAfterMs?: number): void {
    this.connection.end(reason, retryAfterMs);
  }

  replace(toSameDevice: boolean): void {
    this.connection.end('replaced', undefined, toSameDevice ? 'dropped' : 'replaced');
  }

  leave(reason: DepartureReason): void {
    this.connection.leave(reason);
  }
}
