/** Pages of one browser, and windows of one app, share Web Locks: a lock ends with its page, also after a crash. */
const PREFIX = 'aside looks';

/** The conversation that the user reads in this page, so that no other page shows a notification for it (G5). */
export class PageLooks {
  readonly #page = crypto.randomUUID();
  #at: string | undefined;
  #release: (() => void) | undefined;

  /** @param conversation undefined: the user reads none here */
  lookAt(conversation: string | undefined): void {
    if (this.#at === conversation) return;
    this.#at = conversation;
    this.#release?.();
    this.#release = undefined;
    if (conversation === undefined || !('locks' in navigator)) return;
    const gone = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    const name = `${PREFIX} ${this.#page} ${conversation}`;
    void navigator.locks.request(name, { mode: 'shared' }, () => gone);
  }

  /** Runs `work` unless the user reads this conversation in another page or window. */
  async unlessElsewhere(conversation: string, work: () => void): Promise<void> {
    if (await this.#isElsewhere(conversation)) return;
    work();
  }

  async #isElsewhere(conversation: string): Promise<boolean> {
    if (!('locks' in navigator)) return false;
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name = '' }) => {
      if (!name.startsWith(PREFIX) || name.includes(this.#page)) return false;
      return name.slice(PREFIX.length + this.#page.length + 2) === conversation;
    });
  }
}
