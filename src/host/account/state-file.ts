import { rmSync } from 'node:fs';
import { z } from 'zod';
import { foldUsername } from '../../shared/client-api/fold-username.ts';
import {
  DEFAULT_PREFERENCES,
  DEFAULT_SERVER,
  type Preferences,
  preferences,
  type RememberedAccount,
  rememberedAccount,
  type ServerChoice,
  serverChoice,
} from '../../shared/client-api/host.ts';
import type { ServerAddress } from '../../core/ports.ts';
import { type StoredText, encryptedOnly } from '../../node/encrypted-file.ts';
import { readPrivateFile, withFileLock, writePrivateFile } from '../../node/private-files.ts';
import { ProfileError } from '../../node/profile-error.ts';
import type { FileCipher } from '../../node/file-cipher.ts';
import { unknownMembers } from '../../node/unknown-members.ts';
import { SaveScheduler } from './save-scheduler.ts';
import { dataFolderText } from '../../shared/text/shell.ts';
import { HOST_LIMITS } from '../../shared/limits.ts';

/** File name in the data folder. If there is a passphrase, its encrypted part is next to it. */
export const STATE_FILE = 'app.json';
const VERSION = 1;
const storedServer = z.looseObject({
  ...serverChoice.shape,
  port: serverChoice.shape.port.default(DEFAULT_SERVER.port),
});
const storedAccount = z.looseObject({ ...rememberedAccount.shape, server: storedServer });
/** The part that is encrypted if there is a passphrase. Unknown members stay, so that versions can share a data folder. */
const secrets = z.looseObject({
  /** Accounts that have signed in from here, the most recently used first. */
  accounts: z.array(storedAccount).default([]),
  /** The server that the user chose last; absent before the first choice. */
  server: storedServer.optional(),
  /** Unfinished texts: account → conversation → text. */
  drafts: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});
type Secrets = z.infer<typeof secrets>;
/** Preferences stay readable: theme and start at login are needed before the passphrase is given. */
const storedState = secrets.extend({
  version: z.literal(VERSION).default(VERSION),
  preferences: z.record(z.string(), z.unknown()).default({}).transform(completedPreferences),
});
type StoredState = z.infer<typeof storedState>;
const NO_SECRETS = { accounts: [], drafts: {} };
const EMPTY: StoredState = { version: VERSION, preferences: DEFAULT_PREFERENCES, ...NO_SECRETS };

/** A change of the state, applied to the content of the file at the time of the write. */
type Change = (state: StoredState) => StoredState;

/**
 * State of the app for its user interfaces: accounts, server, preferences and drafts. One file, readable for its owner only
 * and replaced atomically; with a passphrase, accounts, server and drafts are in a second, encrypted file (G8).
 * Preferences and accounts are on the disk when a method returns; drafts follow after a delay, and at `close`. Processes
 * can share the file: a write under a lock changes its own members only.
 */
export class StateFile {
  #state: StoredState;
  /** Drafts that are not on the disk, by account and conversation. */
  #unwritten = new Map<string, Change>();
  readonly #saves: SaveScheduler;

  /**
   * @param currentCipher reads the cipher of the data folder; `locked`: there is one, and it is locked
   * @param onUnsaved gets true if drafts cannot be written for a second or more, and false when they can again
   * @throws ProfileError if the file is damaged
   */
  constructor(
    private readonly file: string,
    private readonly currentCipher: () => FileCipher | 'locked' | undefined = () => undefined,
    onUnsaved: (unsaved: boolean) => void = () => undefined,
  ) {
    this.#saves = new SaveScheduler(() => this.flush(), onUnsaved);
    this.#state = this.#load() ?? EMPTY;
  }

  /** Reads the files again, after unlocking or locking. */
  reload(): void {
    const { preferences: before } = this.#state;
    const onDisk = this.#load() ?? { ...EMPTY, preferences: before };
    this.#state = this.#waiting().reduce((state, one) => one(state), onDisk);
  }

  /** Encrypts a plain file. A crash in between leaves both parts with the same content. Throws if the disk fails. */
  encrypt(): void {
    this.#write((state) => state);
  }

  /** Writes everything into the plain file, before the vault is removed. Throws if the disk fails. */
  decrypt(): void {
    withFileLock(this.file, () => {
      this.#writeAlone((state) => state);
      const encrypted = this.#encrypted();
      if (encrypted === undefined) return;
      writePrivateFile(this.file, textOf(this.#state));
      rmSync(encrypted.file, { force: true });
    });
  }

  /** State that this process has read or written last. */
  get state(): StoredState {
    return this.#state;
  }

  drafts(account: RememberedAccount | undefined): Readonly<Record<string, string>> {
    return account === undefined ? {} : (this.#state.drafts[storedAccountKey(account)] ?? {});
  }

  /** Writes changed preferences only. Throws if the disk fails; the state is unchanged then. */
  writePreferences(value: Preferences): void {
    const before = this.#state.preferences;
    this.#write((state) => ({ ...state, preferences: withChanges(state.preferences, before, value) }));
  }

  /** Throws if the disk fails; the state is unchanged then. */
  writeServer(server: ServerChoice): void {
    this.#write((state) => ({ ...state, server: rewrittenServer(state.server, server) }));
  }

  /** Puts an account first. Throws if the disk fails; the state is unchanged then. */
  remember(account: RememberedAccount): void {
    this.#write((state) => {
      const stored = rewrittenAccount(state.accounts, account);
      const accounts = [stored, ...without(state.accounts, account)].slice(0, HOST_LIMITS.accounts);
      return { ...state, server: rewrittenServer(state.server, account.server), accounts };
    });
  }

  /**
   * Writes the entry and the drafts of an account under a new address of its server (B8). Throws if the disk fails; the
   * state is unchanged then.
   * @param others other addresses of the server
   */
  readdress(account: RememberedAccount, others: readonly ServerAddress[]): void {
    const old = others.map((server) => storedAccountKey({ ...account, server }));
    const isOld = (key: string): boolean => old.includes(key);
    const { accounts, drafts } = this.#state;
    if (!accounts.some((one) => isOld(storedAccountKey(one))) && !Object.keys(drafts).some(isOld)) return;
    this.#write((state) => readdressed(state, account, isOld));
  }

  /** Throws if the disk fails; the state is unchanged then. */
  forget(account: RememberedAccount): void {
    this.#write((state) => {
      const { [storedAccountKey(account)]: _gone, ...drafts } = state.drafts;
      return { ...state, accounts: without(state.accounts, account), drafts };
    });
  }

  /** @param text an empty text removes the draft */
  writeDraft(account: RememberedAccount, conversation: string, text: string): void {
    const change: Change = (state) => withDraft(state, storedAccountKey(account), conversation, text);
    this.#state = change(this.#state);
    this.#unwritten.set(`${storedAccountKey(account)} ${conversation}`, change);
    this.#saves.soon();
  }

  /** Whether drafts could not be written for a second or more. */
  get unsaved(): boolean {
    return this.#saves.fails;
  }

  /** Writes unsaved drafts; they stay in memory if that fails. */
  flush(): void {
    if (this.#waiting().length === 0) return;
    try {
      this.#write((state) => state);
    } catch {
      // The disk may be full: the drafts stay in memory, and the scheduler tries again.
    }
  }

  /** Writes unsaved drafts for the last time. @returns false if some are lost */
  close(): boolean {
    this.flush();
    this.#saves.stop();
    return this.#unwritten.size === 0;
  }

  #write(change: Change): void {
    try {
      withFileLock(this.file, () => this.#writeAlone(change));
    } catch (error) {
      if (this.#waiting().length > 0) this.#saves.failed();
      throw error;
    }
  }

  #writeAlone(change: Change): void {
    const state = [...this.#waiting(), change].reduce((before, one) => one(before), this.#onDisk());
    const encrypted = this.#encrypted();
    if (encrypted === undefined) writePrivateFile(this.file, textOf(state));
    else this.#writeEncrypted(encrypted, state);
    this.#state = state;
    if (this.currentCipher() === 'locked') return;
    this.#unwritten.clear();
    this.#saves.done();
  }

  /** Unsaved drafts; none while locked, so that they are not written unencrypted. */
  #waiting(): readonly Change[] {
    return this.currentCipher() === 'locked' ? [] : [...this.#unwritten.values()];
  }

  #onDisk(): StoredState {
    try {
      return this.#load() ?? this.#state;
    } catch {
      // The file was damaged meanwhile: the state in memory stays valid.
      return this.#state;
    }
  }

  /** Writes the encrypted file first: a crash in between leaves both, and loses nothing. */
  #writeEncrypted(encrypted: StoredText, { version, preferences: readable, ...all }: StoredState): void {
    const before = encrypted.read();
    const { readableOnly, secret } = separated(all, this.#readable(), before);
    const text = JSON.stringify(secret);
    if (text !== before) encrypted.write(text);
    const rest = textOf({ ...readableOnly, version, preferences: readable, ...NO_SECRETS });
    if (rest !== readPrivateFile(this.file)) writePrivateFile(this.file, rest);
  }

  /** @returns undefined if the readable file is missing, or was damaged meanwhile */
  #readable(): StoredState | undefined {
    try {
      return loadPlain(this.file);
    } catch {
      return undefined;
    }
  }

  #load(): StoredState | undefined {
    const plain = loadPlain(this.file);
    const encrypted = this.#encrypted();
    const text = encrypted?.read();
    if (encrypted === undefined || text === undefined) return plain;
    const secret = parseEncrypted(encrypted.file, text);
    return plain === undefined ? { ...EMPTY, ...secret } : { ...plain, ...secret, ...merged(secret, plain) };
  }

  #encrypted(): StoredText | undefined {
    const cipher = this.currentCipher();
    return cipher === undefined || cipher === 'locked' ? undefined : encryptedOnly(this.file, 'app', cipher);
  }
}

/** Merges the plain file's accounts and drafts, left by a crash or by a program without the passphrase, into the secrets. */
function merged(encrypted: Secrets, { accounts, server = encrypted.server, drafts }: Secrets): Secrets {
  const more = accounts.filter(
    (one) => !encrypted.accounts.some((other) => storedAccountKey(other) === storedAccountKey(one)),
  );
  const texts = Object.entries(drafts).map(([key, own]) => [key, { ...encrypted.drafts[key], ...own }]);
  return {
    accounts: [...encrypted.accounts, ...more].slice(0, HOST_LIMITS.accounts),
    ...(server === undefined ? {} : { server }),
    drafts: { ...encrypted.drafts, ...(Object.fromEntries(texts) as Secrets['drafts']) },
  };
}

/**
 * Separates unknown members that another version keeps readable from secrets. The first encryption takes all of them: an
 * unknown member may be a secret.
 */
function separated(
  all: Secrets,
  plain: StoredState | undefined,
  encrypted: string | undefined,
): { readonly readableOnly: Record<string, unknown>; readonly secret: Record<string, unknown> } {
  if (plain === undefined || encrypted === undefined) return { readableOnly: {}, secret: all };
  const known = JSON.parse(encrypted) as object;
  const isReadable = (name: string): boolean =>
    !Object.hasOwn(storedState.shape, name) && Object.hasOwn(plain, name) && !Object.hasOwn(known, name);
  const entries = Object.entries(all);
  return {
    readableOnly: Object.fromEntries(entries.filter(([name]) => isReadable(name))),
    secret: Object.fromEntries(entries.filter(([name]) => !isReadable(name))),
  };
}

function parseEncrypted(file: string, text: string): Secrets {
  try {
    return secrets.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(dataFolderText.encryptedSettingsDamaged(file));
  }
}

function textOf(state: StoredState): string {
  return `${JSON.stringify(state, undefined, 2)}\n`;
}

/** Key of an account: folded username and server. */
export function storedAccountKey({ server, username }: RememberedAccount): string {
  return `${foldUsername(username)}@${server.host.toLowerCase()}:${server.port}`;
}

/** Whether two choices are the same server, both with or both without TLS. */
export function sameServer(one: ServerChoice, other: ServerChoice): boolean {
  return (
    one.host.toLowerCase() === other.host.toLowerCase() &&
    one.port === other.port &&
    (one.plaintext ?? false) === (other.plaintext ?? false)
  );
}

function without(accounts: StoredState['accounts'], account: RememberedAccount): StoredState['accounts'] {
  const key = storedAccountKey(account);
  return accounts.filter((one) => storedAccountKey(one) !== key);
}

/** One entry and one set of drafts for an account; a draft at the new address wins. */
function readdressed(state: StoredState, account: RememberedAccount, isOld: (key: string) => boolean): StoredState {
  const key = storedAccountKey(account);
  const accounts = state.accounts.map((one) =>
    isOld(storedAccountKey(one))
      ? { ...one, server: { ...unknownMembers(storedServer, one.server), ...account.server } }
      : one,
  );
  const isFirst = (one: (typeof accounts)[number], n: number): boolean =>
    accounts.findIndex((other) => storedAccountKey(other) === storedAccountKey(one)) === n;
  const entries = Object.entries(state.drafts);
  const moved = entries.flatMap(([one, texts]) => (isOld(one) ? Object.entries(texts) : []));
  const drafts = { ...Object.fromEntries(moved), ...state.drafts[key] };
  return {
    ...state,
    accounts: accounts.filter(isFirst),
    drafts: { ...Object.fromEntries(entries.filter(([one]) => !isOld(one))), [key]: drafts },
  };
}

function withDraft(state: StoredState, key: string, conversation: string, text: string): StoredState {
  const { [conversation]: _before, ...others } = state.drafts[key] ?? {};
  const entries = Object.entries(others);
  const kept = Object.fromEntries(entries.slice(Math.max(0, entries.length - HOST_LIMITS.drafts + 1)));
  return { ...state, drafts: { ...state.drafts, [key]: text === '' ? others : { ...kept, [conversation]: text } } };
}

/** A server as it is written over a stored one: unknown members stay if it is the same server. */
function rewrittenServer(stored: StoredState['server'], server: ServerChoice): NonNullable<StoredState['server']> {
  const same = stored !== undefined && sameServer(stored, server);
  return same ? { ...unknownMembers(storedServer, stored), ...server } : server;
}

function rewrittenAccount(
  stored: StoredState['accounts'],
  account: RememberedAccount,
): StoredState['accounts'][number] {
  const before = stored.find((one) => storedAccountKey(one) === storedAccountKey(account));
  if (before === undefined) return account;
  return {
    ...unknownMembers(storedAccount, before),
    ...account,
    server: rewrittenServer(before.server, account.server),
  };
}

/** Stored preferences of any version: a missing or unusable value gets its default. */
function completedPreferences(stored: Readonly<Record<string, unknown>>): Preferences {
  const usable = Object.entries(preferences.shape).filter(([name, schema]) => schema.safeParse(stored[name]).success);
  const values = usable.flatMap(([name]) => (name in stored ? [[name, stored[name]]] : []));
  return { ...unknownMembers(preferences, stored), ...DEFAULT_PREFERENCES, ...(Object.fromEntries(values) as object) };
}

/** The stored preferences with every change from `before` to `after`; a member missing in `after` is removed. */
function withChanges(stored: Preferences, before: Preferences, after: Preferences): Preferences {
  const names = Object.keys(preferences.shape) as (keyof Preferences)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  const kept = Object.entries<unknown>(stored).filter(([name]) => !changed.includes(name as keyof Preferences));
  const taken = changed.filter((name) => name in after).map((name): [string, unknown] => [name, after[name]]);
  return completedPreferences(Object.fromEntries<unknown>([...kept, ...taken]));
}

function loadPlain(file: string): StoredState | undefined {
  const text = readPrivateFile(file);
  if (text === undefined) return undefined;
  try {
    return storedState.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(dataFolderText.settingsDamaged(file));
  }
}
