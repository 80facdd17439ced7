/** What of it the pages of one browser, or the windows of one app, say to each other: a lock goes with its page, also in a crash. */
const PREFIX = 'aside looks';

/** Which conversation this page shows to somebody who looks, so that no other page notifies them of it (G5). */
export class PageLooks {
  readonly #page = crypto.randomUUID();
  #at: string | undefined;
  #release: (() => void) | undefined;

  /** @param conversation undefined: nobody looks at one here */
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

  /** Does something, unless somebody looks at this conversation in another page or window. */
  async unlessElsewhere(conversation: string, what: () => void): Promise<void> {
    if (await this.#isElsewhere(conversation)) return;
    what();
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
