import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sealedNameOf } from '../../node/kept-text.ts';
import { ProfileError } from '../../node/profile-error.ts';
import { PASSPHRASE_MIN } from '../../node/vault/passphrase.ts';
import { hasVault, makeVault, openVault, type Vault } from '../../node/vault/vault.ts';
import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Protection } from '../../shared/client-api/host.ts';
import { STATE_FILE } from '../account/state-file.ts';

/** The passphrase of a data folder: asked for, set and changed, one attempt at a time (G1, G8). */
export class VaultKeeper {
  #vault: Vault | undefined;
  /** There is one that this process has not opened. */
  #closed = false;
  #busy = false;

  /** @param systemKeeps whether the system has a secret store: no passphrase is set then */
  constructor(
    private readonly dataFolder: string,
    private readonly systemKeeps: () => boolean,
  ) {
    this.look();
  }

  /**
   * Asks the disk: another process may have set a passphrase meanwhile, or taken it away. Everything else here says what was
   * found at the last look, so that it costs nothing.
   */
  look(): void {
    if (this.#vault !== undefined && !this.#holds(this.#vault)) this.#vault = undefined;
    this.#closed = this.#vault === undefined && (hasVault(this.dataFolder) || this.#sealed);
  }

  /** Open, where there is one. */
  get vault(): Vault | undefined {
    return this.#vault;
  }

  /** Whether a vault is still to be used: one is given up for good reasons only, as what is written without it is readable. */
  #holds(vault: Vault): boolean {
    try {
      const place = vault.placeIn(this.dataFolder);
      return place === 'there' || (place === 'gone' && this.#sealed);
    } catch {
      // Too many open files, a disk that does not answer: it comes back.
      return true;
    }
  }

  /** Who takes a vault away makes readable first what it has sealed. */
  get #sealed(): boolean {
    return existsSync(sealedNameOf(join(this.dataFolder, STATE_FILE), { ending: 'vault' }));
  }

  /** Forgets the key. */
  lock(): void {
    this.#vault = undefined;
    this.look();
  }

  /** @returns the open vault, for who knows its passphrase; `wrong-passphrase`, `already-trying`, or `storage-here` */
  prove(current: string): Promise<Outcome<Vault>> {
    return this.#alone(async () => {
      const { vault } = this;
      if (vault === undefined) return failed('invalid-command', NO_PASSPHRASE);
      return (await openVault(this.dataFolder, current)) === undefined ? failed('wrong-passphrase') : succeeded(vault);
    });
  }

  get protection(): Protection {
    if (this.vault !== undefined) return 'passphrase';
    if (this.#closed) return 'locked';
    return this.systemKeeps() ? 'system' : 'none';
  }

  /** @returns the open vault; `wrong-passphrase`, `already-trying`, or `storage-here` where its file is damaged */
  unlock(passphrase: string): Promise<Outcome<Vault>> {
    return this.#alone(async () => {
      const vault = await openVault(this.dataFolder, passphrase);
      if (vault === undefined) return failed('wrong-passphrase');
      this.#vault = vault;
      return succeeded(vault);
    });
  }

  /**
   * Sets a passphrase where there was none, or changes it. It is on the disk then.
   * @param current the one so far
   */
  set(passphrase: string, current: string | undefined): Promise<Outcome<{ readonly fresh: boolean }>> {
    return this.#alone<{ readonly fresh: boolean }>(async () => {
      const { protection } = this;
      if (protection === 'locked') return failed('vault-locked');
      if (protection === 'system') return failed('invalid-command', KEPT_BY_SYSTEM);
      if (Array.from(passphrase).length < PASSPHRASE_MIN) return failed('passphrase-short');
      if (protection === 'none') {
        this.#vault = await makeVault(this.dataFolder, passphrase);
        return this.#vault === undefined ? failed('vault-locked') : succeeded({ fresh: true });
      }
      const vault = current === undefined ? undefined : await openVault(this.dataFolder, current);
      if (vault === undefined) return failed('wrong-passphrase');
      await vault.changePassphrase(this.dataFolder, passphrase);
      return succeeded({ fresh: false });
    });
  }

  /** Deriving a key takes much memory by design, so nobody may ask for many at once. */
  async #alone<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (this.#busy) return failed('already-trying', 'A passphrase is being tried already. Wait for that.');
    this.#busy = true;
    try {
      this.look();
      return await work();
    } catch (error) {
      if (error instanceof ProfileError) return failed('storage-here', error.message);
      throw error;
    } finally {
      this.look();
      this.#busy = false;
    }
  }
}

const NO_PASSPHRASE = 'There is no passphrase here that could be taken away.';
const KEPT_BY_SYSTEM = 'This computer has a secret store, which protects what is kept here. No passphrase is needed.';
