import { DELIVERY_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, MailboxSize } from '../store/store.ts';

/** Size of each mailbox, messages on their way to the disk included. */
export class MailboxSizes {
  readonly #sizes = new Map<AccountId, { messages: number; bytes: number }>();

  constructor(
    sizes: Iterable<MailboxSize & { account: AccountId }>,
    private readonly limit: MailboxSize = {
      messages: DELIVERY_LIMITS.mailboxMessages,
      bytes: DELIVERY_LIMITS.mailboxBytes,
    },
  ) {
    for (const { account, messages, bytes } of sizes) this.#sizes.set(account, { messages, bytes });
  }

  messages(account: AccountId): number {
    return this.#sizes.get(account)?.messages ?? 0;
  }

  /** Reserves room for one message. @returns false if the mailbox is full */
  reserve(account: AccountId, bytes: number): boolean {
    const size = this.#sizes.get(account) ?? { messages: 0, bytes: 0 };
    if (size.messages >= this.limit.messages || size.bytes + bytes > this.limit.bytes) return false;
    size.messages++;
    size.bytes += bytes;
    this.#sizes.set(account, size);
    return true;
  }

  /** Releases room after a removal, or if a message was not stored after all. */
  release(account: AccountId, removed: MailboxSize): void {
    const size = this.#sizes.get(account);
    if (!size) return;
    size.messages -= removed.messages;
    size.bytes -= removed.bytes;
    if (size.messages <= 0) this.#sizes.delete(account);
  }

  forget(account: AccountId): void {
    this.#sizes.delete(account);
  }
}
