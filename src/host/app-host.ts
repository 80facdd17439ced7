import { join } from 'node:path';
import { type Client, createClient } from '../core/client.ts';
import type { TrustPorts } from '../core/connection/recognize-server.ts';
import type { Dialer, Pin } from '../core/ports.ts';
import { systemClock } from '../node/clock.ts';
import { foldUsername } from '../shared/client-api/fold-username.ts';
import { identityFingerprint } from '../node/device-identity.ts';
import type { KeyCost } from '../node/vault/passphrase.ts';
import { nodeDialer } from '../node/dialer.ts';
import { knownServers, PinsFile } from '../node/pins-file.ts';
import { forgetSignIn, openProfile, type Profile } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { COMMANDS, type CommandName, type CommandParams, type NumberedEvent } from '../shared/client-api/contract.ts';
import { type Done, failed, type Outcome, succeeded, type Failure } from '../shared/client-api/failure.ts';
import type { HostEvent, HostState, Preferences, RememberedAccount, ServerChoice } from '../shared/client-api/host.ts';
import { emptyView } from '../shared/client-api/reduce.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import { PrivateDrafts } from './account/private-drafts.ts';
import { DataProtection, type ProtectedApp } from './protection/data-protection.ts';
import { StaleNotifications } from './windows/stale-notifications.ts';
import { storageFailure } from './describe-error.ts';
import type { AppShell } from './app-shell.ts';
import { sameServer, STATE_FILE, StateFile } from './account/state-file.ts';
import { browserHostText } from '../shared/text/shell.ts';
import { HOST_LIMITS } from '../shared/limits.ts';

export interface AppHostOptions {
  /** Folder of all stored data; the terminal client can share it. */
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: AppShell;
  /** Offered if the user has not chosen a server yet. */
  readonly server?: ServerChoice;
  /** Fingerprint of `server`, which the program that has started both vouches for: the user compares nothing. */
  readonly serverFingerprint?: string;
  /** Cost of one guess of a new passphrase; tests use less than the default. */
  readonly keyCost?: KeyCost;
}

/** Output of a host for its user interfaces, in order: events of the client and of the host. */
export type HostOutput = { readonly event: NumberedEvent } | { readonly hostEvent: HostEvent };

interface OpenAccount {
  readonly account: RememberedAccount;
  readonly profile: Profile;
  readonly client: Client;
  readonly unsubscribe: () => void;
}

/**
 * The app without its window: the client of the open account, and the stored state of the app. User interfaces are
 * projections of it; Electron's main process and the browser host are thin shells around it.
 */
export class AppHost implements ProtectedApp {
  readonly shell: AppShell;
  readonly stateFile: StateFile;
  readonly dialer: Dialer = nodeDialer;
  readonly privateDrafts = new PrivateDrafts();
  /** The vault, and encryption of the data folder. */
  readonly protection: DataProtection;
  /** Result of the last probe, for `trustServer`. */
  lastProbe: { readonly server: ServerChoice; readonly presented: Pin } | undefined;
  readonly #listeners = new Set<(output: HostOutput) => void>();
  #windows = 0;
  readonly #options: AppHostOptions;
  readonly #staleNotifications: StaleNotifications;
  #open: OpenAccount | undefined;
  #problem: Failure | undefined;

  /**
   * Opens the last account and connects, unless the data folder is locked.
   * @throws ProfileError with a sentence for users
   */
  constructor(options: AppHostOptions) {
    this.#options = options;
    this.shell = options.shell;
    this.protection = new DataProtection(this, options.dataFolder, options.keyCost);
    const sealNow = () => {
      // Check the vault first: encrypted files must not outlive the vault that decrypts them.
      this.protection.refresh();
      return this.locked ? 'locked' : this.protection.cipher;
    };
    this.stateFile = new StateFile(join(options.dataFolder, STATE_FILE), sealNow, (unsaved) =>
      this.emit({ name: 'host.draftsUnsaved', unsaved }),
    );
    this.shell.preferences(this.stateFile.state.preferences);
    // Read the pins now, so that the start fails if they are damaged.
    if (!this.locked) void this.pins;
    this.#staleNotifications = new StaleNotifications(this.shell);
    if (!this.locked) this.openLast();
  }

  /** Whether the passphrase is needed first. A client that runs already continues until it is closed. */
  get locked(): boolean {
    return this.#open === undefined && this.protection.status === 'locked';
  }

  /** @throws ProfileError if the file is damaged */
  get pins(): PinsFile {
    return new PinsFile(knownServers(this.#options.dataFolder, this.protection.cipher));
  }

  /** Ports that read and pin certificates. @throws ProfileError if the file of known servers is damaged */
  get trustPorts(): TrustPorts {
    return { dialer: this.dialer, clock: systemClock, pins: this.pins };
  }

  get server(): ServerChoice | undefined {
    return this.#open?.account.server ?? this.stateFile.state.server ?? this.#options.server;
  }

  /** Fingerprint of a server for which the program that has started the app vouches. */
  vouchedFingerprint(server: ServerChoice): string | undefined {
    const { server: offered, serverFingerprint } = this.#options;
    return offered !== undefined && sameServer(offered, server) ? serverFingerprint : undefined;
  }

  /** Account of the running client, signed in or not. */
  get account(): RememberedAccount | undefined {
    return this.#open?.account;
  }

  /** With no account open, checks the vault again: another process may have locked it. */
  refreshLock(): void {
    if (this.#open === undefined) this.protection.refresh();
  }

  /** Snapshot for a user interface. */
  read(): { readonly view: ViewState; readonly hostState: HostState } {
    return { view: this.#open?.client.snapshot() ?? this.#viewOfNobody(), hostState: this.#hostState() };
  }

  /** @returns a function that unsubscribes */
  subscribe(listener: (output: HostOutput) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Subscribes a window, which can have unsaved drafts. @returns a function that unsubscribes */
  join(listener: (output: HostOutput) => void): () => void {
    this.#windows++;
    const leave = this.subscribe(listener);
    return () => {
      this.#windows--;
      leave();
    };
  }

  get windows(): number {
    return this.#windows;
  }

  emit(hostEvent: HostEvent): void {
    for (const listener of this.#listeners) listener({ hostEvent });
  }

  /** Runs a command of the client. @param params unvalidated */
  async run(name: CommandName, params: unknown): Promise<Outcome<unknown>> {
    if (this.protection.working !== undefined) return failed('vault-busy');
    this.refreshLock();
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
    // The client validates the parameters.
    return await this.#open.client.run(name, params as CommandParams<CommandName>);
  }

  /** Replaces the client by one for this account, and resumes its session if there is a token. */
  openAccount(account: RememberedAccount): Outcome<Done> {
    this.closeAccount();
    this.refreshLock();
    const { server, username } = account;
    try {
      const { vault } = this.protection;
      const encryptionKey = (folder: string) => this.shell.historyKey?.(folder);
      const profile = openProfile(this.#options.dataFolder, server, username, { encryptionKey, vault });
      const client = this.#clientOf(profile, account);
      this.#readdress(account);
      const unsubscribe = client.subscribe((event) => this.#onEvent(account, event));
      this.#open = { account, profile, client, unsubscribe };
      this.#problem = undefined;
      // Without a token, the command fails and the user enters the password.
      void client.run('session.resume', {});
    } catch (error) {
      this.#problem = storageFailure(error);
    }
    this.emit({ name: 'host.replaced' });
    return this.#problem === undefined ? succeeded({}) : { ok: false, failure: this.#problem };
  }

  /** Opens the last account. @returns false if there is none */
  openLast(): boolean {
    const { accounts, server } = this.stateFile.state;
    const last = accounts[0];
    if (last === undefined || server === undefined || !sameServer(last.server, server)) return false;
    this.openAccount(last);
    return true;
  }

  /** Clears the error of the last account, and the last probe. */
  forgetProblem(): void {
    this.#problem = undefined;
    this.lastProbe = undefined;
  }

  /** Throws if the disk fails; preferences are unchanged then. */
  writePreferences(preferences: Preferences): void {
    this.stateFile.writePreferences(preferences);
    // Read them again: another process may have changed others meanwhile.
    const written = this.stateFile.state.preferences;
    this.shell.preferences(written);
    this.emit({ name: 'host.preferencesChanged', preferences: written });
  }

  /** Ends the client without signing out. */
  closeAccount(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.privateDrafts.clear();
    open.unsubscribe();
    open.client.stop();
    open.profile.close();
    this.#staleNotifications.accountClosed();
  }

  /** Removes an account from the list, and its sign-in token. Throws if the disk fails. */
  forget(account: RememberedAccount): void {
    forgetSignIn(this.#options.dataFolder, this.pins, account.server, account.username);
    this.stateFile.forget(account);
  }

  /** Ends the client without signing out, and writes unsaved drafts to the disk. */
  close(): void {
    this.protection.close();
    this.closeAccount();
    if (!this.stateFile.close()) process.stderr.write(`aside: ${browserHostText.draftsLost}\n`);
  }

  /** Keeps one entry and one set of drafts for an account whose server has other addresses (B8). */
  #readdress(account: RememberedAccount): void {
    if (account.server.plaintext === true) return;
    try {
      this.stateFile.readdress(account, this.pins.addressesOf(account.server));
    } catch {
      // The disk may be full: the next start tries again.
    }
  }

  #clientOf(profile: Profile, { server, username }: RememberedAccount): Client {
    const ofSystem = this.protection.vault === undefined ? this.shell.secrets?.(profile.folder) : undefined;
    const secrets = ofSystem ?? profile.ports.secrets;
    const acceptCertificate = this.vouchedFingerprint(server);
    try {
      return createClient(
        { ...profile.ports, secrets },
        {
          server,
          plaintext: server.plaintext ?? false,
          device: profile.device,
          username,
          ...(acceptCertificate === undefined ? {} : { acceptCertificate }),
        },
      );
    } catch (error) {
      profile.close();
      throw error;
    }
  }

  /** Opens the account that signs in, unless the open account is online. */
  #accountFor(username: string): Outcome<Done> {
    if (username === '' || username.length > HOST_LIMITS.usernameLength) {
      return failed('username-invalid');
    }
    const open = this.#open;
    const same = open !== undefined && foldUsername(open.account.username) === foldUsername(username);
    if (same || open?.client.snapshot().connection.state === 'online') return succeeded({});
    const { server } = this;
    if (server === undefined) return failed('cannot-connect', { detail: 'no-server' });
    return this.openAccount({ server, username });
  }

  #onEvent(account: RememberedAccount, event: NumberedEvent): void {
    for (const listener of this.#listeners) listener({ event });
    this.#staleNotifications.onEvent(event);
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
      // The disk may be full: the list of accounts misses one, and the client continues.
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
      // The file is damaged: probing the server reports that.
      if (error instanceof ProfileError) return undefined;
      throw error;
    }
  }

  #hostState(): HostState {
    const { locked, server } = this;
    const { accounts, preferences } = this.stateFile.state;
    const { status, working } = this.protection;
    return {
      kind: this.shell.kind,
      version: this.#options.version,
      ...(server === undefined || locked ? {} : { server }),
      accounts: locked ? [] : accounts,
      ...(this.#open === undefined ? {} : { identity: identityFingerprint(this.#open.profile.device) }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(working === undefined ? {} : { protecting: working }),
      ...(locked ? {} : this.protection.unencrypted),
      // Another process has set a passphrase meanwhile: the open account stays unlocked.
      lock: status === 'locked' && !locked ? 'none' : status,
      ...(locked ? { dataFolder: this.#options.dataFolder } : {}),
      preferences,
      drafts: this.stateFile.drafts(this.account),
      ...(this.stateFile.unsaved ? { draftsUnsaved: true as const } : {}),
      privateDrafts: this.privateDrafts.all(),
    };
  }
}
