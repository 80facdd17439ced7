import { StorageError, type Store } from '../../server/src/store/store.ts';

type Method = keyof Store;

/** A real store whose calls can be made to fail, or to wait, on demand. */
export interface FaultyStore {
  readonly store: Store;
  /** Calls of each method so far. */
  calls(method: Method): number;
  /** The next calls of a method reject without reaching the disk, as with a full one. */
  fail(method: Method, times?: number): void;
  /** Nothing fails any more. */
  heal(): void;
  /** The next call of a method waits until it is let go. @returns what lets it go */
  hold(method: Method): () => void;
}

export function faultyStore(inner: Store): FaultyStore {
  const failures = new Map<Method, number>();
  const holds = new Map<Method, Promise<void>>();
  const counts = new Map<Method, number>();

  const call = async (method: Method, run: () => Promise<unknown>): Promise<unknown> => {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const left = failures.get(method) ?? 0;
    if (left > 0) {
      failures.set(method, left - 1);
      throw new StorageError('The disk is full, says the test.');
    }
    const held = holds.get(method);
    holds.delete(method);
    if (held) await held;
    return await run();
  };

  const store = new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => call(name as Method, () => Reflect.apply(value, target, args) as Promise<unknown>);
    },
  });

  return {
    store,
    calls: (method) => counts.get(method) ?? 0,
    fail: (method, times = 1) => failures.set(method, times),
    heal: () => failures.clear(),
    hold: (method) => {
      let release = () => {};
      holds.set(
        method,
        new Promise((resolve) => {
          release = resolve;
        }),
      );
      return release;
    },
  };
}
