import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encryptedNameOf } from '../../node/encrypted-file.ts';
import { ProfileError } from '../../node/profile-error.ts';
import { type KeyCost, PASSPHRASE_MIN } from '../../node/vault/passphrase.ts';
import { hasVault, makeVault, openVault, type Vault } from '../../node/vault/vault.ts';
import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Protection } from '../../shared/client-api/host.ts';
import { STATE_FILE } from '../account/state-file.ts';

/** Checks, sets and changes the passphrase of a data folder, one attempt at a time (G1, G8). */
export class VaultKeeper {
  #vault: Vault | undefined;
  /** There is a vault, and this process has not unlocked it. */
  #closed = false;
  #busy = false;

  /** @param hasSecretStore whether the system has a secret store: no passphrase is set then */
  constructor(
    private readonly dataFolder: string,
    private readonly hasSecretStore: () => boolean,
    private readonly keyCost: KeyCost | undefined,
  ) {
    this.refresh();
  }

  /**
   * Reads the state of the vault from the disk: another process may have set or removed the passphrase. All other members
   * use the result of the last refresh, so that they do not touch the disk.
   */
  refresh(): void {
    if (this.#vault !== undefined && !this.#isUsable(this.#vault)) this.#vault = undefined;
    this.#closed = this.#vault === undefined && (hasVault(this.dataFolder) || this.#hasEncryptedState);
  }

  /** The unlocked vault, if there is one. */
  get vault(): Vault | undefined {
    return this.#vault;
  }

  /** Whether the vault is still valid. In doubt it is: files written without a vault are not encrypted. */
  #isUsable(vault: Vault): boolean {
    try {
      const place = vault.stateIn(this.dataFolder);
      return place === 'there' || (place === 'gone' && this.#hasEncryptedState);
    } catch {
      // A temporary error, such as too many open files.
      return true;
    }
  }

  /** Removing a vault decrypts this file first, so if it exists, the vault's file is missing by accident. */
  get #hasEncryptedState(): boolean {
    return existsSync(encryptedNameOf(join(this.dataFolder, STATE_FILE), { ending: 'vault' }));
  }

  /** Forgets the key. */
  lock(): void {
    this.#vault = undefined;
    this.refresh();
  }

  /** Checks the current passphrase. @returns the vault; `wrong-passphrase`, `already-trying`, or `storage-here` */
  verify(current: string): Promise<Outcome<Vault>> {
    return this.#exclusive(async () => {
      const { vault } = this;
      if (vault === undefined) return failed('invalid-command', { detail: 'no-passphrase' });
      return (await openVault(this.dataFolder, current)) === undefined ? failed('wrong-passphrase') : succeeded(vault);
    });
  }

  get status(): Protection {
    if (this.vault !== undefined) return 'passphrase';
    if (this.#closed) return 'locked';
    return this.hasSecretStore() ? 'system' : 'none';
  }

  /** @returns the unlocked vault; `wrong-passphrase`, `already-trying`, or `storage-here` if its file is damaged */
  unlock(passphrase: string): Promise<Outcome<Vault>> {
    return this.#exclusive(async () => {
      const vault = await openVault(this.dataFolder, passphrase);
      if (vault === undefined) return failed('wrong-passphrase');
      this.#vault = vault;
      return succeeded(vault);
    });
  }

  /**
   * Sets or changes the passphrase, and syncs it to the disk.
   * @param current the current passphrase, if there is one
   */
  set(passphrase: string, current: string | undefined): Promise<Outcome<{ readonly fresh: boolean }>> {
    return this.#exclusive<{ readonly fresh: boolean }>(async () => {
      const { status } = this;
      if (status === 'locked') return failed('vault-locked');
      if (status === 'system') return failed('invalid-command', { detail: 'protected-by-system' });
      if (Array.from(passphrase).length < PASSPHRASE_MIN) return failed('passphrase-short');
      if (status === 'none') {
        this.#vault = await makeVault(this.dataFolder, passphrase, this.keyCost);
        return this.#vault === undefined ? failed('vault-locked') : succeeded({ fresh: true });
      }
      const vault = current === undefined ? undefined : await openVault(this.dataFolder, current);
      if (vault === undefined) return failed('wrong-passphrase');
      await vault.changePassphrase(this.dataFolder, passphrase, this.keyCost);
      return succeeded({ fresh: false });
    });
  }

  /** Runs one attempt at a time: deriving a key takes much memory by design. */
  async #exclusive<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (this.#busy) return failed('already-trying', { detail: 'passphrase-attempt' });
    this.#busy = true;
    try {
      this.refresh();
      return await work();
    } catch (error) {
      if (error instanceof ProfileError) return failed('storage-here', { message: error.message });
      throw error;
    } finally {
      this.refresh();
      this.#busy = false;
    }
  }
}
