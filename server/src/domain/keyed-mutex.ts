/** Runs jobs of the same key one after the other and jobs of different keys at the same time. */
export class KeyedMutex<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  async run<T>(key: Key, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before ? before.then(job, job) : job();
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
