import type { Outcome } from '../../shared/client-api/failure.ts';

const DRAFT_DELAY_MS = 300;
const AGAIN_MS = 2_000;

/** What cannot be taken at all: trying again would not help. */
const HOPELESS = 'invalid-command';
/** There is nobody to take it; `flush` follows when there is. */
const NOBODY = 'connection-lost';

/** An unfinished text, and whose it is. */
export interface Draft {
  readonly account: string;
  readonly key: string;
  readonly text: string;
}

interface Waiting {
  readonly draft: Draft;
  readonly write: () => Promise<Outcome<unknown>>;
  timer: ReturnType<typeof setTimeout> | undefined;
  underWay: boolean;
}

/** Unfinished texts that the host does not have yet. Each waits here until the host has said that it does (G7). */
export class DraftsOnTheirWay {
  readonly #waiting = new Map<string, Waiting>();

  /**
   * Goes a moment later, so that not every letter goes; takes the place of what waits under this key.
   * @param write comes to `connection-lost` where there is nobody to take it; `flush` tries that again
   */
  set(draft: Draft, write: Waiting['write']): void {
    const place = placeOf(draft);
    clearTimeout(this.#waiting.get(place)?.timer);
    const waiting: Waiting = { draft, write, timer: undefined, underWay: false };
    this.#waiting.set(place, waiting);
    this.#later(waiting, DRAFT_DELAY_MS);
  }

  /** What waits of an account: newer than what the host has. */
  of(account: string): Readonly<Record<string, string>> {
    const own = [...this.#waiting.values()].filter(({ draft }) => draft.account === account);
    return Object.fromEntries(own.map(({ draft }) => [draft.key, draft.text]));
  }

  /** All that waits goes now. */
  flush(): void {
    for (const waiting of this.#waiting.values()) this.#go(waiting);
  }

  #later(waiting: Waiting, milliseconds: number): void {
    waiting.timer = setTimeout(() => this.#go(waiting), milliseconds);
  }

  #go(waiting: Waiting): void {
    if (waiting.underWay) return;
    clearTimeout(waiting.timer);
    waiting.underWay = true;
    void waiting.write().then((outcome) => {
      waiting.underWay = false;
      const place = placeOf(waiting.draft);
      if (this.#waiting.get(place) !== waiting) return;
      if (outcome.ok || outcome.failure.reason === HOPELESS) this.#waiting.delete(place);
      else if (outcome.failure.reason !== NOBODY) this.#later(waiting, AGAIN_MS);
    });
  }
}

function placeOf({ account, key }: Draft): string {
  return `${account}\n${key}`;
}
