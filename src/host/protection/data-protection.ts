import type { KeyCost } from '../../node/vault/passphrase.ts';
import type { Vault } from '../../node/vault/vault.ts';
import { ProfileError } from '../../node/profile-error.ts';
import {
  type ProgressControl as ProtectingWork,
  decryptProfiles,
  encryptProfiles,
} from '../../node/protect-profiles.ts';
import type { FileCipher } from '../../node/file-cipher.ts';
import { type Done, failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { HostEvent, HostState, Protecting, Protection, RememberedAccount } from '../../shared/client-api/host.ts';
import type { PrivateDrafts } from '../account/private-drafts.ts';
import { storedAccountKey, type StateFile } from '../account/state-file.ts';
import { storageFailure } from '../describe-error.ts';
import type { AppShell } from '../app-shell.ts';
import { VaultKeeper } from './vault-keeper.ts';
import { HOST_LIMITS } from '../../shared/limits.ts';

type Unencrypted = Pick<HostState, 'unencrypted'>;

/** The app as its protection sees it: the account in use, the state file, and the windows that take part in locking. */
export interface ProtectedApp {
  readonly shell: Pick<AppShell, 'hasSecretStore' | 'systemCipher' | 'historyKey'>;
  readonly stateFile: StateFile;
  readonly privateDrafts: PrivateDrafts;
  readonly locked: boolean;
  readonly account: RememberedAccount | undefined;
  /** Number of open windows; each answers `host.locking`. */
  readonly windows: number;
  openAccount(account: RememberedAccount): Outcome<Done>;
  /** Opens the account that was used last. @returns false if there is none */
  openLast(): boolean;
  closeAccount(): void;
  forgetProblem(): void;
  emit(event: HostEvent): void;
}

/** Locks, unlocks, encrypts and decrypts a data folder; the open account is closed meanwhile (G1, G8). */
export class DataProtection {
  readonly #keeper: VaultKeeper;
  readonly #stop = new AbortController();
  #working: Protecting | undefined;
  /** Private drafts of a locked account, encrypted in memory until it is unlocked (F7). */
  #lockedDrafts: { readonly account: string; readonly sealed: string } | undefined;
  /** Called when a window has handed over its drafts. */
  #onWindowReady: (() => void) | undefined;
  /** Accounts that stayed unencrypted at the last encryption. */
  #unencrypted: readonly RememberedAccount[] = [];
  #closed = false;

  constructor(
    private readonly host: ProtectedApp,
    private readonly dataFolder: string,
    keyCost?: KeyCost,
  ) {
    this.#keeper = new VaultKeeper(dataFolder, () => host.shell.hasSecretStore?.() ?? false, keyCost);
  }

  /** Reads the state of the vault from the disk; `status`, `vault` and `cipher` are those of the last refresh. */
  refresh(): void {
    this.#keeper.refresh();
  }

  get status(): Protection {
    return this.#keeper.status;
  }

  /** Progress of encrypting or decrypting; files must not be used meanwhile. */
  get working(): Protecting | undefined {
    return this.#working;
  }

  /** The unlocked vault, if there is one. */
  get vault(): Vault | undefined {
    return this.#keeper.vault;
  }

  /** Accounts that stay unencrypted until the next unlock, because another program has them open; absent if there are none. */
  get unencrypted(): Unencrypted {
    return this.#unencrypted.length === 0 ? {} : { unencrypted: [...this.#unencrypted] };
  }

  /** Cipher for files of the data folder itself; undefined: they are plain. */
  get cipher(): FileCipher | undefined {
    return this.vault?.cipherOf('');
  }

  /** Stops encrypting or decrypting soon; each file is unchanged or done. */
  close(): void {
    this.#closed = true;
    this.#stop.abort();
  }

  /** Unlocks the vault and opens the last account (G1). */
  async unlock(passphrase: string): Promise<Outcome<Unencrypted>> {
    if (!this.host.locked) return failed('invalid-command', { detail: 'not-locked' });
    const outcome = await this.#keeper.unlock(passphrase);
    if (!outcome.ok) return outcome;
    if (this.#closed) return failed('storage-here');
    try {
      this.host.stateFile.reload();
    } catch (error) {
      this.#keeper.lock();
      if (error instanceof ProfileError) return failed('storage-here', { message: error.message });
      throw error;
    }
    // Encrypt files that a crash, or another client that had them open, has left unencrypted.
    await this.#encryptAll(outcome.result);
    if (this.#closed) return failed('storage-here');
    if (!this.host.openLast()) this.host.emit({ name: 'host.replaced' });
    this.#restoreDrafts(outcome.result);
    return succeeded(this.unencrypted);
  }

  /** Forgets the key and ends the client. Drafts are encrypted: on the disk, private ones in memory (F7). */
  async lock(): Promise<Outcome<Done>> {
    this.refresh();
    if (this.#keeper.status !== 'passphrase') return failed('invalid-command', { detail: 'not-lockable' });
    await this.#collectDrafts();
    const { vault } = this.#keeper;
    if (vault === undefined || this.#working !== undefined || this.#closed)
      return failed('invalid-command', { detail: 'not-lockable' });
    this.host.stateFile.flush();
    this.#closeAccount(vault);
    this.host.forgetProblem();
    this.#keeper.lock();
    this.host.stateFile.reload();
    this.host.emit({ name: 'host.replaced' });
    return succeeded({});
  }

  /** A window has handed over its drafts. */
  onHandedOver(): void {
    this.#onWindowReady?.();
  }

  /** Waits until every window has handed over its drafts, but not for long: a page may hang. */
  #collectDrafts(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HOST_LIMITS.lockingMs);
      let left = this.host.windows;
      this.#onWindowReady = () => {
        if (--left > 0) return;
        clearTimeout(timer);
        resolve();
      };
      if (left === 0) this.#onWindowReady();
      this.host.emit({ name: 'host.locking' });
    });
  }

  /** Sets or changes the passphrase; the first one encrypts the whole data folder (G1, G8). */
  async setPassphrase(passphrase: string, current: string | undefined): Promise<Outcome<Unencrypted>> {
    const outcome = await this.#keeper.set(passphrase, current);
    if (!outcome.ok) return outcome;
    const { vault } = this.#keeper;
    if (!outcome.result.fresh || vault === undefined || this.#closed) return succeeded({});
    await this.#collectDrafts();
    // The vault was locked in between: the rest is encrypted at the next unlock.
    if (this.#closed || this.#keeper.vault !== vault || this.#working !== undefined) return succeeded({});
    const account = this.#closeAccount(vault);
    await this.#encryptAll(vault);
    const opened = this.#reopen(account, vault);
    return opened.ok ? succeeded(this.unencrypted) : opened;
  }

  /** Removes the passphrase: files are decrypted, or encrypted with the system's secret store (G1, G8). */
  async removePassphrase(current: string): Promise<Outcome<Done>> {
    const outcome = await this.#keeper.verify(current);
    if (!outcome.ok) return outcome;
    await this.#collectDrafts();
    if (this.#closed || this.#keeper.vault !== outcome.result) return failed('storage-here');
    if (this.#working !== undefined) return failed('vault-busy');
    const account = this.#closeAccount(outcome.result);
    const released = await this.#protect('decrypting', (how) =>
      decryptProfiles(
        this.dataFolder,
        outcome.result,
        this.host.shell.systemCipher?.(),
        () => this.host.stateFile.decrypt(),
        how,
      ),
    );
    if (!released.ok && !this.#closed) await this.#encryptAll(outcome.result);
    else this.#unencrypted = [];
    const opened = this.#reopen(account, outcome.result);
    return released.ok ? opened : released;
  }

  /** Ends the client and encrypts its private drafts in memory (F7). @returns the account */
  #closeAccount(vault: Vault): RememberedAccount | undefined {
    const { account, privateDrafts } = this.host;
    if (account !== undefined) {
      const sealed = vault.cipherOf('').encrypt('aside-drafts', JSON.stringify(privateDrafts.all()));
      this.#lockedDrafts = { account: storedAccountKey(account), sealed };
    }
    this.host.closeAccount();
    return account;
  }

  /** Opens the account again after encrypting or decrypting. @param vault decrypts its private drafts */
  #reopen(account: RememberedAccount | undefined, vault: Vault): Outcome<Done> {
    if (this.#closed) return failed('storage-here');
    if (account !== undefined) {
      const opened = this.host.openAccount(account);
      this.#restoreDrafts(vault);
      return opened;
    }
    this.refresh();
    this.host.emit({ name: 'host.replaced' });
    return succeeded({});
  }

  /** Encrypts all plain files. Files that fail are encrypted at the next unlock. */
  async #encryptAll(vault: Vault): Promise<void> {
    await this.#protect('encrypting', async (how) => {
      try {
        this.host.stateFile.encrypt();
      } catch {
        // The disk may be full: the file stays plain for now.
      }
      this.#unencrypted = await encryptProfiles(
        this.dataFolder,
        vault,
        (folder) => this.host.shell.historyKey?.(folder),
        how,
      );
    });
  }

  /** Runs the work and reports its progress once it takes longer. */
  async #protect(kind: Protecting['kind'], work: (how: ProtectingWork) => Promise<void>): Promise<Outcome<Done>> {
    const began = performance.now();
    this.#working = { kind, part: 0 };
    const onProgress = (part: number): void => {
      const shown = Math.floor(part * 100) / 100;
      if (performance.now() - began < HOST_LIMITS.progressAfterMs || shown === 1 || shown === this.#working?.part)
        return;
      this.#working = { kind, part: shown };
      this.host.emit({ name: 'host.protecting', protecting: this.#working });
    };
    try {
      await work({ onProgress, stop: this.#stop.signal });
      return succeeded({});
    } catch (error) {
      if (this.#closed) return failed('storage-here');
      return { ok: false, failure: storageFailure(error) };
    } finally {
      this.#working = undefined;
    }
  }

  /** Restores the private drafts that were encrypted when the account was closed. */
  #restoreDrafts(vault: Vault): void {
    const box = this.#lockedDrafts;
    this.#lockedDrafts = undefined;
    const { account, privateDrafts } = this.host;
    if (box === undefined || account === undefined || storedAccountKey(account) !== box.account) return;
    const texts = vault.cipherOf('').decrypt('aside-drafts', box.sealed);
    if (texts !== undefined) privateDrafts.fill(JSON.parse(texts) as Record<string, string>);
  }
}
