import { rmSync } from 'node:fs';
import { z } from 'zod';
import { foldUsername } from '../../shared/client-api/fold-username.ts';
import {
  DEFAULT_PREFERENCES,
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
import { Retry } from './retry.ts';

/** In the data folder. What a passphrase seals of it lies beside it. */
export const STATE_FILE = 'app.json';
const VERSION = 1;
/** What a passphrase seals, where there is one. */
const secrets = z.object({
  /** Signed in from here before; the most recently used first. */
  accounts: z.array(rememberedAccount),
  /** The server that was chosen last; absent before the first choice. */
  server: serverChoice.optional(),
  /** Unfinished texts: account → conversation → text. */
  drafts: z.record(z.string(), z.record(z.string(), z.string())),
});
type Secrets = z.infer<typeof secrets>;
/** The look of the app, and whether it starts with the computer, have to be known before anybody unlocks it. */
const appState = secrets.extend({ version: z.literal(VERSION), preferences });
export type AppState = z.infer<typeof appState>;
const NO_SECRETS: Secrets = { accounts: [], drafts: {} };

/** Conversations of one account whose drafts are kept; the oldest goes first. */
const DRAFTS = 500;
const ACCOUNTS = 50;

/** A change of the state, as a function of what is on the disk when it is made. */
type Change = (state: AppState) => AppState;

/**
 * What the app keeps for its user interface, in one file that only its owner may read, replaced as a whole; with a passphrase
 * in two, of which one is sealed: accounts, the server and drafts (G8). Settings and
 * accounts are on the disk when a method returns; drafts follow in a moment, and at `close`. Another process may
 * use the same file: each write changes what it is about and leaves the rest as the other has written it, one after the other.
 */
export class StateFile {
  #state: AppState;
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
    this.#state = this.#load() ?? { version: VERSION, preferences: DEFAULT_PREFERENCES, ...NO_SECRETS };
  }

  /** Reads anew: what is sealed was unlocked or locked, or another program has changed it. */
  reload(): void {
    const { preferences: before } = this.#state;
    const onDisk = this.#load() ?? { version: VERSION, preferences: before, ...NO_SECRETS };
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
  get state(): AppState {
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
    this.#write((state) => ({ ...state, server }));
  }

  /** Puts an account first. Throws when the disk fails; nothing is changed then. */
  remember(account: RememberedAccount): void {
    this.#write((state) => {
      const accounts = [account, ...without(state.accounts, account)].slice(0, ACCOUNTS);
      return { ...state, server: account.server, accounts };
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

  #onDisk(): AppState {
    try {
      return this.#load() ?? this.#state;
    } catch {
      // Damaged meanwhile: what was read before still holds.
      return this.#state;
    }
  }

  /** First what is sealed, then the readable file without it. */
  #writeSealed(sealed: KeptText, { version, preferences: readable, ...secret }: AppState): void {
    const text = JSON.stringify(secret);
    if (text !== sealed.read()) sealed.write(text);
    const rest = textOf({ version, preferences: readable, ...NO_SECRETS });
    if (rest !== readPrivateFile(this.file)) writePrivateFile(this.file, rest);
  }

  #load(): AppState | undefined {
    const plain = loadPlain(this.file);
    const sealed = this.#sealed();
    const text = sealed?.read();
    if (sealed === undefined || text === undefined) return plain;
    const secret = parseSealed(sealed.file, text);
    if (plain === undefined) return { version: VERSION, preferences: DEFAULT_PREFERENCES, ...secret };
    return { ...plain, ...merged(secret, plain) };
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

function parseSealed(file: string, text: string): Secrets {
  try {
    return secrets.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(`The sealed file with accounts and drafts is damaged: ${file}. Restore it, or delete it.`);
  }
}

function textOf(state: AppState): string {
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

function without(accounts: readonly RememberedAccount[], account: RememberedAccount): RememberedAccount[] {
  const key = accountKey(account);
  return accounts.filter((one) => accountKey(one) !== key);
}

function withDraft(state: AppState, key: string, conversation: string, text: string): AppState {
  const { [conversation]: _before, ...others } = state.drafts[key] ?? {};
  const entries = Object.entries(others);
  const kept = Object.fromEntries(entries.slice(Math.max(0, entries.length - DRAFTS + 1)));
  return { ...state, drafts: { ...state.drafts, [key]: text === '' ? others : { ...kept, [conversation]: text } } };
}

/** What is on the disk, with what `after` has changed of `before`; what it has no longer is gone. */
function withChanges(onDisk: Preferences, before: Preferences, after: Preferences): Preferences {
  const names = Object.keys({ ...before, ...after }) as (keyof Preferences)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  const kept = Object.entries(onDisk).filter(([name]) => !changed.includes(name as keyof Preferences));
  const taken = changed.filter((name) => name in after).map((name) => [name, after[name]]);
  return preferences.parse(Object.fromEntries([...kept, ...taken]));
}

function loadPlain(file: string): AppState | undefined {
  const text = readPrivateFile(file);
  if (text === undefined) return undefined;
  try {
    return appState.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(
      `The file with the app's settings is damaged: ${file}. Restore it, or delete it to start with the defaults.`,
    );
  }
}
