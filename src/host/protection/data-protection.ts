import type { Vault } from '../../node/vault/vault.ts';
import { ProfileError } from '../../node/profile-error.ts';
import { type Protecting as ProtectingWork, releaseProfiles, sealProfiles } from '../../node/protect-profiles.ts';
import type { Seal } from '../../node/seal.ts';
import { type Done, failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { HostEvent, HostState, Protecting, Protection, RememberedAccount } from '../../shared/client-api/host.ts';
import type { AsideDrafts } from '../account/aside-drafts.ts';
import { accountKey, type StateFile } from '../account/state-file.ts';
import { problemOf } from '../problem-of.ts';
import type { Shell } from '../shell.ts';
import { VaultKeeper } from './vault-keeper.ts';

/** How long windows have at most to hand over what is being typed before everything is locked, milliseconds. */
const LOCKING_MS = 2_000;
/** What takes no longer than this is done without telling how far it is, milliseconds. */
const MOMENT_MS = 300;
type Unsealed = Pick<HostState, 'unsealed'>;
const NOT_LOCKABLE = 'There is no passphrase that could open this again.';

/** The app as its protection sees it: the account in use, the state file, and the windows that take part in locking. */
export interface ProtectedApp {
  readonly shell: Pick<Shell, 'keepsSecrets' | 'seal' | 'historyKey'>;
  readonly stateFile: StateFile;
  readonly asideDrafts: AsideDrafts;
  readonly locked: boolean;
  readonly account: RememberedAccount | undefined;
  /** Number of open windows; each answers `host.locking`. */
  readonly windows: number;
  openAccount(account: RememberedAccount): Outcome<Done>;
  /** Opens the account that was used last. @returns false if there is none */
  openLast(): boolean;
  closeAccount(): void;
  forgetProblem(): void;
  tell(event: HostEvent): void;
}

/** Locks, unlocks, seals and releases all that a data folder keeps, with the account of its host closed meanwhile (G1, G8). */
export class DataProtection {
  readonly #keeper: VaultKeeper;
  readonly #stop = new AbortController();
  #working: Protecting | undefined;
  /** Unfinished private texts of an account that was locked, sealed, until it is opened again (F7). */
  #asideBox: { readonly account: string; readonly sealed: string } | undefined;
  /** Told whenever a window has handed over what was being typed in it. */
  #awaited: (() => void) | undefined;
  /** What stayed readable when everything was sealed last. */
  #unsealed: readonly RememberedAccount[] = [];
  #closed = false;

  constructor(
    private readonly host: ProtectedApp,
    private readonly dataFolder: string,
  ) {
    this.#keeper = new VaultKeeper(dataFolder, () => host.shell.keepsSecrets?.() ?? false);
  }

  /** Asks the disk what another process has made of the vault; `standing`, `vault` and `seal` are as of the last look. */
  look(): void {
    this.#keeper.look();
  }

  get standing(): Protection {
    return this.#keeper.protection;
  }

  /** What is being sealed or made readable just now: the files are not to be touched meanwhile. */
  get working(): Protecting | undefined {
    return this.#working;
  }

  /** Open, where there is one. */
  get vault(): Vault | undefined {
    return this.#keeper.vault;
  }

  /** Accounts that stay readable until the next unlocking, because another program has them open; absent where there is none. */
  get unsealed(): Unsealed {
    return this.#unsealed.length === 0 ? {} : { unsealed: [...this.#unsealed] };
  }

  /** Of what the data folder itself keeps; undefined: it is readable. */
  get seal(): Seal | undefined {
    return this.vault?.sealOf('');
  }

  /** What is under way ends soon, and leaves each part as it was or done. */
  close(): void {
    this.#closed = true;
    this.#stop.abort();
  }

  /** Opens what is locked, and the account of last time (G1). */
  async unlock(passphrase: string): Promise<Outcome<Unsealed>> {
    if (!this.host.locked) return failed('invalid-command', 'Nothing is locked here.');
    const outcome = await this.#keeper.unlock(passphrase);
    if (!outcome.ok) return outcome;
    if (this.#closed) return failed('storage-here');
    try {
      this.host.stateFile.reload();
    } catch (error) {
      this.#keeper.lock();
      if (error instanceof ProfileError) return failed('storage-here', error.message);
      throw error;
    }
    // What a crash has left unsealed, or another client that was open then.
    await this.#sealAll(outcome.result);
    if (this.#closed) return failed('storage-here');
    if (!this.host.openLast()) this.host.tell({ name: 'host.replaced' });
    this.#openAsideBox(outcome.result);
    return succeeded(this.unsealed);
  }

  /**
   * Forgets the key, and ends the client as closing would. Unfinished texts are sealed: on the disk, those aside in memory (F7).
   */
  async lock(): Promise<Outcome<Done>> {
    this.look();
    if (this.#keeper.protection !== 'passphrase') return failed('invalid-command', NOT_LOCKABLE);
    await this.#takeOver();
    const { vault } = this.#keeper;
    if (vault === undefined || this.#working !== undefined || this.#closed)
      return failed('invalid-command', NOT_LOCKABLE);
    this.host.stateFile.flush();
    this.#closeAccount(vault);
    this.host.forgetProblem();
    this.#keeper.lock();
    this.host.stateFile.reload();
    this.host.tell({ name: 'host.replaced' });
    return succeeded({});
  }

  /** A window has handed over what was being typed in it. */
  handedOver(): void {
    this.#awaited?.();
  }

  /** Takes what is being typed from every window. One that does not answer, as of a page that hangs, is not waited for. */
  #takeOver(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOCKING_MS);
      let left = this.host.windows;
      this.#awaited = () => {
        if (--left > 0) return;
        clearTimeout(timer);
        resolve();
      };
      if (left === 0) this.#awaited();
      this.host.tell({ name: 'host.locking' });
    });
  }

  /** Sets or changes the passphrase; the first one seals everything that is kept here (G1, G8). */
  async setPassphrase(passphrase: string, current: string | undefined): Promise<Outcome<Unsealed>> {
    const outcome = await this.#keeper.set(passphrase, current);
    if (!outcome.ok) return outcome;
    const { vault } = this.#keeper;
    if (!outcome.result.fresh || vault === undefined || this.#closed) return succeeded({});
    await this.#takeOver();
    // Somebody has locked it in between: the rest is sealed at the next unlocking.
    if (this.#closed || this.#keeper.vault !== vault || this.#working !== undefined) return succeeded({});
    const account = this.#closeAccount(vault);
    await this.#sealAll(vault);
    const opened = this.#goOn(account, vault);
    return opened.ok ? succeeded(this.unsealed) : opened;
  }

  /** Takes the passphrase away, for who knows it: everything is readable again, or kept by the system (G1, G8). */
  async removePassphrase(current: string): Promise<Outcome<Done>> {
    const outcome = await this.#keeper.prove(current);
    if (!outcome.ok) return outcome;
    await this.#takeOver();
    if (this.#closed || this.#keeper.vault !== outcome.result) return failed('storage-here');
    if (this.#working !== undefined) return failed('vault-busy');
    const account = this.#closeAccount(outcome.result);
    const released = await this.#protect('releasing', (how) =>
      releaseProfiles(
        this.dataFolder,
        outcome.result,
        this.host.shell.seal?.(),
        () => this.host.stateFile.release(),
        how,
      ),
    );
    if (!released.ok && !this.#closed) await this.#sealAll(outcome.result);
    else this.#unsealed = [];
    const opened = this.#goOn(account, outcome.result);
    return released.ok ? opened : released;
  }

  /** Ends the client; what is being written aside is sealed meanwhile (F7). @returns whose it was */
  #closeAccount(vault: Vault): RememberedAccount | undefined {
    const { account, asideDrafts } = this.host;
    if (account !== undefined) {
      const sealed = vault.sealOf('').seal('aside-drafts', JSON.stringify(asideDrafts.all()));
      this.#asideBox = { account: accountKey(account), sealed };
    }
    this.host.closeAccount();
    return account;
  }

  /** Goes on after everything was sealed or made readable. @param vault what was typed aside meanwhile is sealed with it */
  #goOn(account: RememberedAccount | undefined, vault: Vault): Outcome<Done> {
    if (this.#closed) return failed('storage-here');
    if (account !== undefined) {
      const opened = this.host.openAccount(account);
      this.#openAsideBox(vault);
      return opened;
    }
    this.look();
    this.host.tell({ name: 'host.replaced' });
    return succeeded({});
  }

  /** Seals what is not sealed yet. What does not succeed now is made up for at the next unlocking. */
  async #sealAll(vault: Vault): Promise<void> {
    await this.#protect('sealing', async (how) => {
      try {
        this.host.stateFile.seal();
      } catch {
        // A full disk. It stays readable for now.
      }
      this.#unsealed = await sealProfiles(
        this.dataFolder,
        vault,
        (folder) => this.host.shell.historyKey?.(folder),
        how,
      );
    });
  }

  /** Tells how far it is, once it takes longer than a moment. */
  async #protect(kind: Protecting['kind'], work: (how: ProtectingWork) => Promise<void>): Promise<Outcome<Done>> {
    const began = performance.now();
    this.#working = { kind, part: 0 };
    const told = (part: number): void => {
      const shown = Math.floor(part * 100) / 100;
      if (performance.now() - began < MOMENT_MS || shown === 1 || shown === this.#working?.part) return;
      this.#working = { kind, part: shown };
      this.host.tell({ name: 'host.protecting', protecting: this.#working });
    };
    try {
      await work({ told, stop: this.#stop.signal });
      return succeeded({});
    } catch (error) {
      return failed('storage-here', this.#closed ? undefined : problemOf(error));
    } finally {
      this.#working = undefined;
    }
  }

  /** What was being written aside when the account was closed is in its field again. */
  #openAsideBox(vault: Vault): void {
    const box = this.#asideBox;
    this.#asideBox = undefined;
    const { account, asideDrafts } = this.host;
    if (box === undefined || account === undefined || accountKey(account) !== box.account) return;
    const texts = vault.sealOf('').open('aside-drafts', box.sealed);
    if (texts !== undefined) asideDrafts.fill(JSON.parse(texts) as Record<string, string>);
  }
}
