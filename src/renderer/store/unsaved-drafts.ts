import type { Outcome } from '../../shared/client-api/failure.ts';

const SAVE_DELAY_MS = 300;
const RETRY_MS = 2_000;

/** Refused by the host: trying again would not help. */
const REFUSED = 'invalid-command';
/** There is no host; `flush` follows when there is one. */
const NO_HOST = 'connection-lost';

export interface Draft {
  readonly account: string;
  readonly key: string;
  readonly text: string;
}

interface PendingDraft {
  readonly draft: Draft;
  readonly write: () => Promise<Outcome<unknown>>;
  timer: ReturnType<typeof setTimeout> | undefined;
  writing: boolean;
}

/** Drafts that the host has not confirmed yet (G7). */
export class UnsavedDrafts {
  readonly #pending = new Map<string, PendingDraft>();

  /**
   * Writes a draft after a delay, so that not every letter is a command. Replaces the pending draft under this key.
   * @param write fails with `connection-lost` if there is no host; `flush` then tries again
   */
  set(draft: Draft, write: PendingDraft['write']): void {
    const id = idOf(draft);
    clearTimeout(this.#pending.get(id)?.timer);
    const pending: PendingDraft = { draft, write, timer: undefined, writing: false };
    this.#pending.set(id, pending);
    this.#writeLater(pending, SAVE_DELAY_MS);
  }

  /** The drafts of an account, by key: newer than those that the host has. */
  of(account: string): Readonly<Record<string, string>> {
    const own = [...this.#pending.values()].filter(({ draft }) => draft.account === account);
    return Object.fromEntries(own.map(({ draft }) => [draft.key, draft.text]));
  }

  /** Writes all pending drafts now. */
  flush(): void {
    for (const pending of this.#pending.values()) this.#write(pending);
  }

  #writeLater(pending: PendingDraft, milliseconds: number): void {
    pending.timer = setTimeout(() => this.#write(pending), milliseconds);
  }

  #write(pending: PendingDraft): void {
    if (pending.writing) return;
    clearTimeout(pending.timer);
    pending.writing = true;
    void pending.write().then((outcome) => {
      pending.writing = false;
      const id = idOf(pending.draft);
      if (this.#pending.get(id) !== pending) return;
      if (outcome.ok || outcome.failure.reason === REFUSED) this.#pending.delete(id);
      else if (outcome.failure.reason !== NO_HOST) this.#writeLater(pending, RETRY_MS);
    });
  }
}

function idOf({ account, key }: Draft): string {
  return `${account}\n${key}`;
}
