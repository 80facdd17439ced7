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
import { type KeptText, sealedOnly } from '../../node/kept-text.ts';
import { readPrivateFile, underLock, writePrivateFile } from '../../node/private-files.ts';
import { ProfileError } from '../../node/profile-error.ts';
import type { Seal } from '../../node/seal.ts';
import { unknownMembers } from '../../node/unknown-members.ts';
import { Retry } from './retry.ts';

/** In the data folder. What a passphrase seals of it lies beside it. */
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

/** Conversations of one account whose drafts are kept; the oldest goes first. */
const DRAFTS = 500;
const ACCOUNTS = 50;

/** A change of the state, as a function of what is on the disk when it is made. */
type Change = (state: StoredState) => StoredState;

/**
 * What the app keeps for its user interface, in one file that only its owner may read, replaced as a whole; with a passphrase
 * in two, of which one is sealed: accounts, the server and drafts (G8). Settings and
 * accounts are on the disk when a method returns; drafts follow in a moment, and at `close`. Another process may
 * use the same file: each write changes what it is about and leaves the rest as the other has written it, one after the other.
 */
export class StateFile {
  #state: StoredState;
  /** Drafts that are not on the disk yet, by account and conversation. */
  #unwritten = new Map<string, Change>();
  readonly #retry: Retry;

  /**
   * @param sealNow the seal of the data folder, where there is one; `locked` where it is not open just now
   * @param told whether drafts cannot be written, once it has gone wrong for a second or more, and when it works again
   * @throws ProfileError when the file is damaged
   */
  constructor(
    private readonly file: string,
    private readonly sealNow: () => Seal | 'locked' | undefined = () => undefined,
    told: (unsaved: boolean) => void = () => undefined,
  ) {
    this.#retry = new Retry(() => this.flush(), told);
    this.#state = this.#load() ?? EMPTY;
  }

  /** Reads anew: what is sealed was unlocked or locked, or another program has changed it. */
  reload(): void {
    const { preferences: before } = this.#state;
    const onDisk = this.#load() ?? { ...EMPTY, preferences: before };
    this.#state = this.#waiting().reduce((state, one) => one(state), onDisk);
  }

  /** Seals what was readable before. A crash in between leaves both, which say the same then. Throws when the disk fails. */
  seal(): void {
    this.#write((state) => state);
  }

  /** Makes everything readable again, for good where the vault goes next. Throws when the disk fails. */
  release(): void {
    underLock(this.file, () => {
      this.#writeAlone((state) => state);
      const sealed = this.#sealed();
      if (sealed === undefined) return;
      writePrivateFile(this.file, textOf(this.#state));
      rmSync(sealed.file, { force: true });
    });
  }

  /** As this process has read or written it last. */
  get state(): StoredState {
    return this.#state;
  }

  drafts(account: RememberedAccount | undefined): Readonly<Record<string, string>> {
    return account === undefined ? {} : (this.#state.drafts[accountKey(account)] ?? {});
  }

  /** Writes what differs from before. Throws when the disk fails; nothing is changed then. */
  writePreferences(value: Preferences): void {
    const before = this.#state.preferences;
    this.#write((state) => ({ ...state, preferences: withChanges(state.preferences, before, value) }));
  }

  /** Throws when the disk fails; nothing is changed then. */
  writeServer(server: ServerChoice): void {
    this.#write((state) => ({ ...state, server: rewrittenServer(state.server, server) }));
  }

  /** Puts an account first. Throws when the disk fails; nothing is changed then. */
  remember(account: RememberedAccount): void {
    this.#write((state) => {
      const stored = rewrittenAccount(state.accounts, account);
      const accounts = [stored, ...without(state.accounts, account)].slice(0, ACCOUNTS);
      return { ...state, server: rewrittenServer(state.server, account.server), accounts };
    });
  }

  /** Throws when the disk fails; nothing is changed then. */
  forget(account: RememberedAccount): void {
    this.#write((state) => {
      const { [accountKey(account)]: _gone, ...drafts } = state.drafts;
      return { ...state, accounts: without(state.accounts, account), drafts };
    });
  }

  /** @param text empty: the draft is gone */
  writeDraft(account: RememberedAccount, conversation: string, text: string): void {
    const change: Change = (state) => withDraft(state, accountKey(account), conversation, text);
    this.#state = change(this.#state);
    this.#unwritten.set(`${accountKey(account)} ${conversation}`, change);
    this.#retry.soon();
  }

  /** Drafts have not been taken by the disk for a while. */
  get unsaved(): boolean {
    return this.#retry.fails;
  }

  /** Writes what is not yet on the disk, and is in memory as long as that fails. */
  flush(): void {
    if (this.#waiting().length === 0) return;
    try {
      this.#write((state) => state);
    } catch {
      // A full disk: the drafts are still shown, and are tried again.
    }
  }

  /** Writes what is not yet on the disk, for the last time. @returns whether all of it is there */
  close(): boolean {
    this.flush();
    this.#retry.stop();
    return this.#unwritten.size === 0;
  }

  #write(change: Change): void {
    try {
      underLock(this.file, () => this.#writeAlone(change));
    } catch (error) {
      if (this.#waiting().length > 0) this.#retry.failed();
      throw error;
    }
  }

  #writeAlone(change: Change): void {
    const state = [...this.#waiting(), change].reduce((before, one) => one(before), this.#onDisk());
    const sealed = this.#sealed();
    if (sealed === undefined) writePrivateFile(this.file, textOf(state));
    else this.#writeSealed(sealed, state);
    this.#state = state;
    if (this.sealNow() === 'locked') return;
    this.#unwritten.clear();
    this.#retry.done();
  }

  /** What the disk had no room for waits until it can be sealed again. */
  #waiting(): readonly Change[] {
    return this.sealNow() === 'locked' ? [] : [...this.#unwritten.values()];
  }

  #onDisk(): StoredState {
    try {
      return this.#load() ?? this.#state;
    } catch {
      // Damaged meanwhile: what was read before still holds.
      return this.#state;
    }
  }

  /** Writes the encrypted file first: a crash in between leaves both, and loses nothing. */
  #writeSealed(sealed: KeptText, { version, preferences: readable, ...all }: StoredState): void {
    const before = sealed.read();
    const { readableOnly, secret } = separated(all, this.#readable(), before);
    const text = JSON.stringify(secret);
    if (text !== before) sealed.write(text);
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
    const sealed = this.#sealed();
    const text = sealed?.read();
    if (sealed === undefined || text === undefined) return plain;
    const secret = parseSealed(sealed.file, text);
    return plain === undefined ? { ...EMPTY, ...secret } : { ...plain, ...secret, ...merged(secret, plain) };
  }

  #sealed(): KeptText | undefined {
    const seal = this.sealNow();
    return seal === undefined || seal === 'locked' ? undefined : sealedOnly(this.file, 'app', seal);
  }
}

/** What is sealed, with what is readable beside it: left by a crash, or by a program that runs without the passphrase. */
function merged(sealed: Secrets, { accounts, server = sealed.server, drafts }: Secrets): Secrets {
  const more = accounts.filter((one) => !sealed.accounts.some((other) => accountKey(other) === accountKey(one)));
  const texts = Object.entries(drafts).map(([key, own]) => [key, { ...sealed.drafts[key], ...own }]);
  return {
    accounts: [...sealed.accounts, ...more].slice(0, ACCOUNTS),
    ...(server === undefined ? {} : { server }),
    drafts: { ...sealed.drafts, ...(Object.fromEntries(texts) as Secrets['drafts']) },
  };
}

/**
 * Separates unknown members that another version keeps readable from secrets. The first encryption takes all of them: an
 * unknown member may be a secret.
 */
function separated(
  all: Secrets,
  plain: StoredState | undefined,
  sealed: string | undefined,
): { readonly readableOnly: Record<string, unknown>; readonly secret: Record<string, unknown> } {
  if (plain === undefined || sealed === undefined) return { readableOnly: {}, secret: all };
  const known = JSON.parse(sealed) as object;
  const isReadable = (name: string): boolean =>
    !Object.hasOwn(storedState.shape, name) && Object.hasOwn(plain, name) && !Object.hasOwn(known, name);
  const entries = Object.entries(all);
  return {
    readableOnly: Object.fromEntries(entries.filter(([name]) => isReadable(name))),
    secret: Object.fromEntries(entries.filter(([name]) => !isReadable(name))),
  };
}

function parseSealed(file: string, text: string): Secrets {
  try {
    return secrets.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(`The sealed file with accounts and drafts is damaged: ${file}. Restore it, or delete it.`);
  }
}

function textOf(state: StoredState): string {
  return `${JSON.stringify(state, undefined, 2)}\n`;
}

/** Which account of which server, as one text. */
export function accountKey({ server, username }: RememberedAccount): string {
  return `${foldUsername(username)}@${server.host.toLowerCase()}:${server.port}`;
}

/** Whether two choices lead to the same place in the same way. */
export function sameServer(one: ServerChoice, other: ServerChoice): boolean {
  return (
    one.host.toLowerCase() === other.host.toLowerCase() &&
    one.port === other.port &&
    (one.plaintext ?? false) === (other.plaintext ?? false)
  );
}

function without(accounts: StoredState['accounts'], account: RememberedAccount): StoredState['accounts'] {
  const key = accountKey(account);
  return accounts.filter((one) => accountKey(one) !== key);
}

function withDraft(state: StoredState, key: string, conversation: string, text: string): StoredState {
  const { [conversation]: _before, ...others } = state.drafts[key] ?? {};
  const entries = Object.entries(others);
  const kept = Object.fromEntries(entries.slice(Math.max(0, entries.length - DRAFTS + 1)));
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
  const before = stored.find((one) => accountKey(one) === accountKey(account));
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
    throw new ProfileError(
      `The file with the app's settings is damaged: ${file}. Restore it, or delete it to start with the defaults.`,
    );
  }
}
