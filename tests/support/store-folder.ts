import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SqliteStoreOptions, openSqliteStore } from '../../server/src/store/sqlite/sqlite-store.ts';
import type { NewAccount, NewMail, Store } from '../../server/src/store/store.ts';
import { storeWorkerUrl } from './store-worker-url.ts';

/** A temporary data folder and the stores opened on it; `cleanUp` closes and removes all. */
export class StoreFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'aside-store-'));
  readonly #stores: Store[] = [];

  async open(options: Partial<SqliteStoreOptions> = {}): Promise<Store> {
    const store = await openSqliteStore({
      folder: this.path,
      workerUrl: await storeWorkerUrl(),
      onFatal: (error) => {
        throw error;
      },
      ...options,
    });
    this.#stores.push(store);
    return store;
  }

  async cleanUp(): Promise<void> {
    for (const store of this.#stores) await store.close();
    chmodSync(this.path, 0o700);
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function newAccount(name: string): NewAccount {
  return {
    username: name,
    key: name.toLowerCase(),
    skeleton: `~${name.toLowerCase()}`,
    passwordHash: `#${name}`,
    createdAt: 1,
  };
}

/** A UUID that tells its number. */
export function uuidOf(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export function newMail(n: number, change: Partial<NewMail> = {}): NewMail {
  return {
    to: 1,
    from: 2,
    fromName: 'Kevin',
    id: uuidOf(n),
    text: `text ${n}`,
    at: 1_000 + n,
    fingerprint: n,
    ...change,
  };
}

export const EVERYTHING = { messages: 1_000_000, bytes: Number.MAX_SAFE_INTEGER };
