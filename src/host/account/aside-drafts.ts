/** Conversations whose unfinished private text is held; the oldest goes first. As many as there can be sessions. */
const DRAFTS = 64;

/** Unfinished private texts of the account in use: in memory only, and gone with it (F7). */
export class AsideDrafts {
  readonly #texts = new Map<string, string>();

  /** @param text empty: the draft is gone */
  write(conversation: string, text: string): void {
    this.#texts.delete(conversation);
    if (text === '') return;
    this.#texts.set(conversation, text);
    const oldest = this.#texts.keys().next();
    if (this.#texts.size > DRAFTS && oldest.done !== true) this.#texts.delete(oldest.value);
  }

  /** By conversation. */
  all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#texts);
  }

  /** Puts back what was held before. */
  fill(texts: Readonly<Record<string, string>>): void {
    for (const [conversation, text] of Object.entries(texts)) this.write(conversation, text);
  }

  clear(): void {
    this.#texts.clear();
  }
}
