import { join } from 'node:path';
import { type Client, createClient } from '../core/client.ts';
import type { Pin } from '../core/ports.ts';
import { foldUsername } from '../shared/client-api/fold-username.ts';
import { identityFingerprint } from '../node/device-identity.ts';
import { nodeDialer } from '../node/dialer.ts';
import { knownServers, PinsFile } from '../node/pins-file.ts';
import { forgetSignIn, openProfile, type Profile } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { COMMANDS, type CommandName, type CommandParams, type NumberedEvent } from '../shared/client-api/contract.ts';
import { type Done, failed, type Outcome, succeeded } from '../shared/client-api/failure.ts';
import type { HostEvent, HostState, Preferences, RememberedAccount, ServerChoice } from '../shared/client-api/host.ts';
import { emptyView } from '../shared/client-api/reduce.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import { REASONS } from '../shared/protocol/reasons.ts';
import { AsideDrafts } from './account/aside-drafts.ts';
import { DataProtection, type ProtectedApp } from './protection/data-protection.ts';
import { NoticeWatch } from './windows/notice-watch.ts';
import { problemOf } from './problem-of.ts';
import type { Shell } from './shell.ts';
import { sameServer, STATE_FILE, StateFile } from './account/state-file.ts';

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
export class AppHost implements ProtectedApp {
  readonly shell: Shell;
  readonly stateFile: StateFile;
  readonly dialer = nodeDialer;
  readonly asideDrafts = new AsideDrafts();
  /** The passphrase, where there is one, and what it seals. */
  readonly protection: DataProtection;
  /** What the last look at a server has shown, for `trustServer`. */
  lastLook: { readonly server: ServerChoice; readonly presented: Pin } | undefined;
  readonly #listeners = new Set<(told: Told) => void>();
  #windows = 0;
  readonly #options: AppHostOptions;
  readonly #notices: NoticeWatch;
  #open: OpenAccount | undefined;
  #problem: string | undefined;

  /**
   * Opens the account of last time and goes online with it, unless a passphrase is asked for first.
   * @throws ProfileError with a sentence for people
   */
  constructor(options: AppHostOptions) {
    this.#options = options;
    this.shell = options.shell;
    this.protection = new DataProtection(this, options.dataFolder);
    const sealNow = () => {
      // What is sealed must not outlive the vault that opens it.
      this.protection.look();
      return this.locked ? 'locked' : this.protection.seal;
    };
    this.stateFile = new StateFile(join(options.dataFolder, STATE_FILE), sealNow, (unsaved) =>
      this.tell({ name: 'host.draftsUnsaved', unsaved }),
    );
    this.shell.preferences(this.stateFile.state.preferences);
    // A damaged one is told at the start.
    if (!this.locked) void this.pins;
    this.#notices = new NoticeWatch(this.shell);
    if (!this.locked) this.openLast();
  }

  /** Whether a passphrase is asked for before anything else. A client that runs already goes on until it is closed. */
  get locked(): boolean {
    return this.#open === undefined && this.protection.standing === 'locked';
  }

  /** @throws ProfileError when the file is damaged */
  get pins(): PinsFile {
    return new PinsFile(knownServers(this.#options.dataFolder, this.protection.seal));
  }

  get server(): ServerChoice | undefined {
    return this.#open?.account.server ?? this.stateFile.state.server ?? this.#options.server;
  }

  /** Whose client runs, signed in or not. */
  get account(): RememberedAccount | undefined {
    return this.#open?.account;
  }

  /** Who sees or asks something while no account is in use has to know first whether another process has locked everything. */
  look(): void {
    if (this.#open === undefined) this.protection.look();
  }

  /** All that a user interface starts from. */
  read(): { readonly view: ViewState; readonly facts: HostState } {
    return { view: this.#open?.client.snapshot() ?? this.#viewOfNobody(), facts: this.#facts() };
  }

  /** @returns ends it */
  subscribe(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As `subscribe`, for a window in which somebody may be typing. @returns ends it */
  join(listener: (told: Told) => void): () => void {
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

  tell(hostEvent: HostEvent): void {
    for (const listener of this.#listeners) listener({ hostEvent });
  }

  /** Runs a command of the client. @param params as they came. */
  async run(name: CommandName, params: unknown): Promise<Outcome<unknown>> {
    if (this.protection.working !== undefined) return failed('vault-busy');
    this.look();
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

  /** Makes the client anew for an account, and comes back with its token where there is one. */
  openAccount(account: RememberedAccount): Outcome<Done> {
    this.closeAccount();
    this.look();
    const { server, username } = account;
    try {
      const { vault } = this.protection;
      const encryptionKey = (folder: string) => this.shell.historyKey?.(folder);
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

  /** Opens the account of last time. @returns whether there was one */
  openLast(): boolean {
    const { accounts, server } = this.stateFile.state;
    const last = accounts[0];
    if (last === undefined || server === undefined || !sameServer(last.server, server)) return false;
    this.openAccount(last);
    return true;
  }

  /** What was wrong with the account so far is not asked about any more. */
  forgetProblem(): void {
    this.#problem = undefined;
    this.lastLook = undefined;
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
    this.protection.close();
    this.closeAccount();
    if (!this.stateFile.close()) process.stderr.write('aside: unfinished texts could not be saved, and are lost\n');
  }

  #clientOf(profile: Profile, { server, username }: RememberedAccount): Client {
    const ofSystem = this.protection.vault === undefined ? this.shell.secrets?.(profile.folder) : undefined;
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

  #facts(): HostState {
    const { locked, server } = this;
    const { accounts, preferences } = this.stateFile.state;
    const { standing, working } = this.protection;
    return {
      kind: this.shell.kind,
      version: this.#options.version,
      ...(server === undefined || locked ? {} : { server }),
      accounts: locked ? [] : accounts,
      ...(this.#open === undefined ? {} : { identity: identityFingerprint(this.#open.profile.device) }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(working === undefined ? {} : { protecting: working }),
      ...(locked ? {} : this.protection.unsealed),
      // Set by another process while this one is open: it goes on as it was.
      lock: standing === 'locked' && !locked ? 'none' : standing,
      ...(locked ? { dataFolder: this.#options.dataFolder } : {}),
      preferences,
      drafts: this.stateFile.drafts(this.account),
      ...(this.stateFile.unsaved ? { draftsUnsaved: true as const } : {}),
      privateDrafts: this.asideDrafts.all(),
    };
  }
}
