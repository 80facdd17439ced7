import { join } from 'node:path';
import { type Client, createClient } from '../core/client.ts';
import type { Pin } from '../core/ports.ts';
import { foldUsername } from '../core/chat/conversation.ts';
import { identityFingerprint } from '../node/device-identity.ts';
import { nodeDialer } from '../node/dialer.ts';
import { knownServers, PinsFile } from '../node/pins-file.ts';
import { forgetSignIn, openProfile, type Profile } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { type Protecting as ProtectingWork, releaseProfiles, sealProfiles } from '../node/protect-profiles.ts';
import type { Seal } from '../node/seal.ts';
import type { Vault } from '../node/vault/vault.ts';
import { COMMANDS, type CommandName, type CommandParams, type NumberedEvent } from '../shared/client-api/contract.ts';
import { CLIENT_REASONS, type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type {
  HostCommandName,
  HostEvent,
  HostFacts,
  Preferences,
  Protecting,
  RememberedAccount,
  ServerChoice,
} from '../shared/client-api/host.ts';
import { emptyView } from '../shared/client-api/reduce.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import { REASONS } from '../shared/protocol/reasons.ts';
import { AsideDrafts } from './aside-drafts.ts';
import { runHostCommand } from './host-commands.ts';
import { NoticeWatch } from './notice-watch.ts';
import type { Shell } from './shell.ts';
import { accountKey, sameServer, StateFile } from './state-file.ts';
import { VaultKeeper } from './vault-keeper.ts';

export interface AppHostOptions {
  /** Where everything is kept; the terminal client may use the same. */
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: Shell;
  /** Used where none was chosen before. */
  readonly server?: ServerChoice;
}

/** What a host tells the user interfaces unasked, in order. */
export type Told = { readonly event: NumberedEvent } | { readonly hostEvent: HostEvent };

/** The longest name that is worth a profile; the server judges the rest (B1). */
const USERNAME_LENGTH = 128;

/** How long windows have to hand over what is being typed before everything is locked, milliseconds. */
const LOCKING_MS = 250;
/** What takes no longer than this is done without telling how far it is, milliseconds. */
const MOMENT_MS = 300;
const NOT_LOCKABLE = 'There is no passphrase that could open this again.';

interface OpenAccount {
  readonly account: RememberedAccount;
  readonly profile: Profile;
  readonly client: Client;
  readonly unsubscribe: () => void;
}

/**
 * The app without its window: the client of the account in use, and what is kept beside it. Any number of user
 * interfaces project it; Electron's main process and the browser host are thin around it.
 */
export class AppHost {
  readonly shell: Shell;
  readonly stateFile: StateFile;
  readonly dialer = nodeDialer;
  readonly asideDrafts = new AsideDrafts();
  /** What the last look at a server has shown, for `trustServer`. */
  lastLook: { readonly server: ServerChoice; readonly presented: Pin } | undefined;
  readonly #listeners = new Set<(told: Told) => void>();
  readonly #options: AppHostOptions;
  readonly #keeper: VaultKeeper;
  readonly #notices: NoticeWatch;
  #open: OpenAccount | undefined;
  #problem: string | undefined;
  #protecting: Protecting | undefined;
  readonly #stop = new AbortController();
  /** Unfinished private texts of an account that was locked, sealed, until it is opened again (F7). */
  #asideBox: { readonly account: string; readonly sealed: string } | undefined;
  #closed = false;

  /**
   * Opens the account of last time and goes online with it, unless a passphrase is asked for first.
   * @throws ProfileError with a sentence for people
   */
  constructor(options: AppHostOptions) {
    this.#options = options;
    this.shell = options.shell;
    this.#keeper = new VaultKeeper(options.dataFolder, () => this.shell.keepsSecrets?.() ?? false);
    this.stateFile = new StateFile(join(options.dataFolder, 'app.json'), () => (this.locked ? 'locked' : this.#seal));
    this.shell.preferences(this.stateFile.state.preferences);
    // A damaged one is told at the start.
    if (!this.locked) void this.pins;
    this.#notices = new NoticeWatch(this.shell);
    if (!this.locked) this.#openLast();
  }

  /** Whether a passphrase is asked for before anything else. A client that runs already goes on until it is closed. */
  get locked(): boolean {
    return this.#open === undefined && this.#keeper.protection === 'locked';
  }

  /** Whether what is kept here is being sealed or made readable: the files are not to be touched. */
  get protecting(): boolean {
    return this.#protecting !== undefined;
  }

  /** @throws ProfileError when the file is damaged */
  get pins(): PinsFile {
    return new PinsFile(knownServers(this.#options.dataFolder, this.#seal));
  }

  get server(): ServerChoice | undefined {
    return this.#open?.account.server ?? this.stateFile.state.server ?? this.#options.server;
  }

  /** Whose client runs, signed in or not. */
  get account(): RememberedAccount | undefined {
    return this.#open?.account;
  }

  /** All that a user interface starts from. */
  read(): { readonly view: ViewState; readonly facts: HostFacts } {
    return { view: this.#open?.client.snapshot() ?? this.#viewOfNobody(), facts: this.#facts() };
  }

  /** @returns ends it */
  subscribe(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(hostEvent: HostEvent): void {
    for (const listener of this.#listeners) listener({ hostEvent });
  }

  /** Runs a command of the client. @param params as they came. */
  async run(name: CommandName, params: unknown): Promise<Outcome<unknown>> {
    if (this.protecting) return failed('vault-busy');
    if (this.locked && COMMANDS[name].params.safeParse(params).success) return failed('vault-locked');
    if (name === 'session.signIn' || name === 'session.register') {
      const asked = COMMANDS[name].params.safeParse(params);
      if (!asked.success) return failed('invalid-command');
      const ready = this.#accountFor(asked.data.username);
      if (!ready.ok) return ready;
    }
    if (this.#open === undefined) {
      const known = COMMANDS[name].params.safeParse(params).success;
      return failed(known ? (name === 'session.resume' ? 'no-token' : 'offline') : 'invalid-command');
    }
    // The client checks the parameters against this very command.
    return await this.#open.client.run(name, params as CommandParams<CommandName>);
  }

  /** Runs a command of the host. @param params as they came. */
  runHost(name: HostCommandName, params: unknown): Promise<Outcome<unknown>> {
    return runHostCommand(this, name, params);
  }

  /** Makes the client anew for an account, and comes back with its token where there is one. */
  openAccount(account: RememberedAccount): Outcome<Done> {
    this.closeAccount();
    const { server, username } = account;
    try {
      const { vault } = this.#keeper;
      const encryptionKey = this.#systemKey;
      const profile = openProfile(this.#options.dataFolder, server, username, { encryptionKey, vault });
      const client = this.#clientOf(profile, account);
      const unsubscribe = client.subscribe((event) => this.#happened(account, event));
      this.#open = { account, profile, client, unsubscribe };
      this.#problem = undefined;
      // Without a token it says so, and the password is asked for.
      void client.run('session.resume', {});
    } catch (error) {
      this.#problem = problemOf(error);
    }
    this.tell({ name: 'host.replaced' });
    return this.#problem === undefined ? succeeded({}) : failed('storage-here', this.#problem);
  }

  /** Opens what is locked, and the account of last time (G1). */
  async unlock(passphrase: string): Promise<Outcome<Done>> {
    if (!this.locked) return failed('invalid-command', 'Nothing is locked here.');
    const outcome = await this.#keeper.unlock(passphrase);
    if (!outcome.ok) return outcome;
    if (this.#closed) return failed('storage-here');
    try {
      this.stateFile.reload();
    } catch (error) {
      this.#keeper.lock();
      if (error instanceof ProfileError) return failed('storage-here', error.message);
      throw error;
    }
    // What a crash has left unsealed, or another client that was open then.
    await this.#sealAll(outcome.result);
    if (this.#closed) return failed('storage-here');
    if (!this.#openLast()) this.tell({ name: 'host.replaced' });
    this.#openAsideBox(outcome.result);
    return succeeded({});
  }

  /**
   * Forgets the key, and ends the client as closing would. Unfinished texts are sealed: on the disk, those aside in memory (F7).
   */
  async lock(): Promise<Outcome<Done>> {
    if (this.#keeper.protection !== 'passphrase') return failed('invalid-command', NOT_LOCKABLE);
    this.tell({ name: 'host.locking' });
    // Whoever is still typing in a window has this long to hand it over.
    await new Promise((resolve) => setTimeout(resolve, LOCKING_MS));
    const { vault } = this.#keeper;
    if (vault === undefined || this.protecting || this.#closed) return failed('invalid-command', NOT_LOCKABLE);
    this.stateFile.flush();
    if (this.account !== undefined) {
      const sealed = vault.sealOf('').seal('aside-drafts', JSON.stringify(this.asideDrafts.all()));
      this.#asideBox = { account: accountKey(this.account), sealed };
    }
    this.closeAccount();
    this.#problem = undefined;
    this.lastLook = undefined;
    this.#keeper.lock();
    this.stateFile.reload();
    this.tell({ name: 'host.replaced' });
    return succeeded({});
  }

  /** Sets or changes the passphrase; the first one seals everything that is kept here (G1, G8). */
  async setPassphrase(passphrase: string, current: string | undefined): Promise<Outcome<Done>> {
    const outcome = await this.#keeper.set(passphrase, current);
    if (!outcome.ok) return outcome;
    const { vault } = this.#keeper;
    if (!outcome.result.fresh || vault === undefined || this.#closed) return succeeded({});
    const { account } = this;
    this.closeAccount();
    await this.#sealAll(vault);
    return this.#goOn(account);
  }

  /** Takes the passphrase away, for who knows it: everything is readable again, or kept by the system (G1, G8). */
  async removePassphrase(current: string): Promise<Outcome<Done>> {
    const outcome = await this.#keeper.prove(current);
    if (!outcome.ok) return outcome;
    if (this.#closed || this.#keeper.vault === undefined) return failed('storage-here');
    const { account } = this;
    this.closeAccount();
    const { dataFolder } = this.#options;
    const released = await this.#protect('releasing', (how) =>
      releaseProfiles(dataFolder, outcome.result, this.shell.seal?.(), () => this.stateFile.release(), how),
    );
    if (!released.ok && !this.#closed) await this.#sealAll(outcome.result);
    else this.#asideBox = undefined;
    const opened = this.#goOn(account);
    return released.ok ? opened : released;
  }

  /** Throws when the disk fails; nothing is changed then. */
  writePreferences(preferences: Preferences): void {
    this.stateFile.writePreferences(preferences);
    // With what another process has changed meanwhile.
    const written = this.stateFile.state.preferences;
    this.shell.preferences(written);
    this.tell({ name: 'host.preferencesChanged', preferences: written });
  }

  /** Ends the client without signing out. */
  closeAccount(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.asideDrafts.clear();
    open.unsubscribe();
    open.client.stop();
    open.profile.close();
    this.#notices.accountClosed();
  }

  /** Takes an account off the list, and with it what lets one in without the password. Throws when the disk fails. */
  forget(account: RememberedAccount): void {
    forgetSignIn(this.#options.dataFolder, account.server, account.username);
    this.stateFile.forget(account);
  }

  /** Ends everything, without signing out; what is kept is on the disk then. */
  close(): void {
    this.#closed = true;
    this.#stop.abort();
    this.closeAccount();
    this.stateFile.flush();
  }

  get #seal(): Seal | undefined {
    return this.#keeper.vault?.sealOf('');
  }

  /** Goes on after everything was sealed or made readable. */
  #goOn(account: RememberedAccount | undefined): Outcome<Done> {
    if (this.#closed) return failed('storage-here');
    if (account !== undefined) return this.openAccount(account);
    this.tell({ name: 'host.replaced' });
    return succeeded({});
  }

  /** Seals what is not sealed yet. What does not succeed now is made up for at the next unlocking. */
  async #sealAll(vault: Vault): Promise<void> {
    await this.#protect('sealing', async (how) => {
      try {
        this.stateFile.seal();
      } catch {
        // A full disk. It stays readable for now.
      }
      await sealProfiles(this.#options.dataFolder, vault, this.#systemKey, how);
    });
  }

  /** Tells how far it is, once it takes longer than a moment. */
  async #protect(kind: Protecting['kind'], work: (how: ProtectingWork) => Promise<void>): Promise<Outcome<Done>> {
    const began = performance.now();
    this.#protecting = { kind, part: 0 };
    const told = (part: number): void => {
      const shown = Math.floor(part * 100) / 100;
      if (performance.now() - began < MOMENT_MS || shown === 1 || shown === this.#protecting?.part) return;
      this.#protecting = { kind, part: shown };
      this.tell({ name: 'host.protecting', protecting: this.#protecting });
    };
    try {
      await work({ told, stop: this.#stop.signal });
      return succeeded({});
    } catch (error) {
      return failed('storage-here', this.#closed ? undefined : problemOf(error));
    } finally {
      this.#protecting = undefined;
    }
  }

  /** What was being written aside when it was locked is in its field again. */
  #openAsideBox(vault: Vault): void {
    const box = this.#asideBox;
    this.#asideBox = undefined;
    if (box === undefined || this.account === undefined || accountKey(this.account) !== box.account) return;
    const texts = vault.sealOf('').open('aside-drafts', box.sealed);
    if (texts !== undefined) this.asideDrafts.fill(JSON.parse(texts) as Record<string, string>);
  }

  readonly #systemKey = (folder: string): string | undefined => this.shell.historyKey?.(folder);

  /** @returns whether there was an account last time */
  #openLast(): boolean {
    const { accounts, server } = this.stateFile.state;
    const last = accounts[0];
    if (last === undefined || server === undefined || !sameServer(last.server, server)) return false;
    this.openAccount(last);
    return true;
  }

  #clientOf(profile: Profile, { server, username }: RememberedAccount): Client {
    const ofSystem = this.#keeper.vault === undefined ? this.shell.secrets?.(profile.folder) : undefined;
    const secrets = ofSystem ?? profile.ports.secrets;
    try {
      return createClient(
        { ...profile.ports, secrets },
        { server, plaintext: server.plaintext ?? false, device: profile.device, username },
      );
    } catch (error) {
      profile.close();
      throw error;
    }
  }

  /** Makes sure that the client in use is that of a person who signs in; one who is online stays. */
  #accountFor(username: string): Outcome<Done> {
    if (username === '' || username.length > USERNAME_LENGTH) {
      return { ok: false, failure: { reason: 'username-invalid', text: REASONS['username-invalid'].text } };
    }
    const open = this.#open;
    const same = open !== undefined && foldUsername(open.account.username) === foldUsername(username);
    if (same || open?.client.snapshot().connection.state === 'online') return succeeded({});
    const { server } = this;
    if (server === undefined) return failed('cannot-connect', 'Choose a server first.');
    return this.openAccount({ server, username });
  }

  #happened(account: RememberedAccount, event: NumberedEvent): void {
    for (const listener of this.#listeners) listener({ event });
    this.#notices.happened(event);
    try {
      if (event.name === 'session.started') {
        this.stateFile.remember({ server: account.server, username: event.params.username });
      } else if (event.name === 'connection.changed') {
        const { connection } = event.params;
        if (connection.state === 'signed-out' && connection.reason === 'account-deleted') {
          this.stateFile.forget(account);
        }
      }
    } catch {
      // A full disk: the list of accounts is short of one, and everything else goes on.
    }
  }

  #viewOfNobody(): ViewState {
    const { server } = this;
    const pin = this.locked || server === undefined || server.plaintext === true ? undefined : this.#pinOf(server);
    return { ...emptyView(), ...(pin === undefined ? {} : { fingerprint: pin.fingerprint }) };
  }

  #pinOf(server: ServerChoice): Pin | undefined {
    try {
      return this.pins.read(server);
    } catch (error) {
      // Damaged: who looks at the server is told.
      if (error instanceof ProfileError) return undefined;
      throw error;
    }
  }

  #facts(): HostFacts {
    const { locked, server } = this;
    const { accounts, preferences } = this.stateFile.state;
    const { protection } = this.#keeper;
    return {
      kind: this.shell.kind,
      version: this.#options.version,
      ...(server === undefined || locked ? {} : { server }),
      accounts: locked ? [] : accounts,
      ...(this.#open === undefined ? {} : { identity: identityFingerprint(this.#open.profile.device) }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      // Set by another process while this one is open: it goes on as it was.
      ...(this.#protecting === undefined ? {} : { protecting: this.#protecting }),
      lock: protection === 'locked' && !locked ? 'none' : protection,
      ...(locked ? { dataFolder: this.#options.dataFolder } : {}),
      preferences,
      drafts: this.stateFile.drafts(this.account),
      asideDrafts: this.asideDrafts.all(),
    };
  }
}

/** What is wrong with the data folder, for people. Throws what is no error of its files: that is a bug. */
function problemOf(error: unknown): string {
  if (error instanceof ProfileError) return error.message;
  if (error instanceof Error && 'code' in error) return CLIENT_REASONS['storage-here'];
  throw error;
}
