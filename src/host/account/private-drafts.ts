import { HOST_LIMITS } from '../../shared/limits.ts';

/** Private drafts of the open account: in memory only, never on the disk (F7). */
export class PrivateDrafts {
  readonly #texts = new Map<string, string>();

  /** @param text an empty text removes the draft */
  write(conversation: string, text: string): void {
    this.#texts.delete(conversation);
    if (text === '') return;
    this.#texts.set(conversation, text);
    const oldest = this.#texts.keys().next();
    if (this.#texts.size > HOST_LIMITS.privateDrafts && oldest.done !== true) this.#texts.delete(oldest.value);
  }

  /** Texts by conversation. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#texts);
  }

  /** Restores drafts that `all` has returned before. */
  fill(texts: Readonly<Record<string, string>>): void {
    for (const [conversation, text] of Object.entries(texts)) this.write(conversation, text);
  }

  clear(): void {
    this.#texts.clear();
  }
}
