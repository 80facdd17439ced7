import { z } from 'zod';
import {
  DEFAULT_PREFERENCES,
  preferences,
  type RememberedAccount,
  rememberedAccount,
  type ServerChoice,
  serverChoice,
} from '../shared/client-api/host.ts';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';
import { ProfileError } from '../node/profile-error.ts';

const VERSION = 1;
const appState = z.object({
  version: z.literal(VERSION),
  preferences,
  /** Signed in from here before; the most recently used first. */
  accounts: z.array(rememberedAccount),
  /** The server that was chosen last; absent before the first choice. */
  server: serverChoice.optional(),
  /** Unfinished texts: account → conversation → text. */
  drafts: z.record(z.string(), z.record(z.string(), z.string())),
});
export type AppState = z.infer<typeof appState>;

/** How long a draft may stay in memory only, milliseconds: less than a moment of typing, more than a key. */
const DELAY_MS = 400;
/** Conversations of one account whose drafts are kept; the oldest goes first. */
const DRAFTS = 500;
const ACCOUNTS = 50;

/**
 * What the app keeps for its user interface, in one file that only its owner may read, replaced as a whole. Settings and
 * accounts are on the disk when a method returns; drafts follow within `DELAY_MS`, and at `close`.
 */
export class StateFile {
  #state: AppState;
  #timer: NodeJS.Timeout | undefined;

  /** @throws ProfileError when the file is damaged */
  constructor(private readonly file: string) {
    this.#state = load(file);
  }

  get state(): AppState {
    return this.#state;
  }

  drafts(account: RememberedAccount | undefined): Readonly<Record<string, string>> {
    return account === undefined ? {} : (this.#state.drafts[accountKey(account)] ?? {});
  }

  /** Throws when the disk fails; nothing is changed then. */
  writePreferences(value: AppState['preferences']): void {
    this.#write({ ...this.#state, preferences: value });
  }

  /** Throws when the disk fails; nothing is changed then. */
  writeServer(server: ServerChoice): void {
    this.#write({ ...this.#state, server });
  }

  /** Puts an account first. Throws when the disk fails; nothing is changed then. */
  remember(account: RememberedAccount): void {
    const others = this.#without(account);
    this.#write({ ...this.#state, server: account.server, accounts: [account, ...others].slice(0, ACCOUNTS) });
  }

  /** Throws when the disk fails; nothing is changed then. */
  forget(account: RememberedAccount): void {
    const { [accountKey(account)]: _gone, ...drafts } = this.#state.drafts;
    this.#write({ ...this.#state, accounts: this.#without(account), drafts });
  }

  /** @param text empty: the draft is gone */
  writeDraft(account: RememberedAccount, conversation: string, text: string): void {
    const key = accountKey(account);
    const { [conversation]: _before, ...others } = this.#state.drafts[key] ?? {};
    const entries = Object.entries(others);
    const kept = Object.fromEntries(entries.slice(Math.max(0, entries.length - DRAFTS + 1)));
    const drafts = text === '' ? others : { ...kept, [conversation]: text };
    this.#state = { ...this.#state, drafts: { ...this.#state.drafts, [key]: drafts } };
    this.#timer ??= setTimeout(() => this.#flush(), DELAY_MS);
  }

  /** Writes what is not yet on the disk. */
  close(): void {
    if (this.#timer !== undefined) this.#flush();
  }

  #without(account: RememberedAccount): RememberedAccount[] {
    const key = accountKey(account);
    return this.#state.accounts.filter((one) => accountKey(one) !== key);
  }

  #flush(): void {
    try {
      this.#write(this.#state);
    } catch {
      // A full disk: the drafts are still shown, and the next one tries again.
      this.#timer = undefined;
    }
  }

  #write(state: AppState): void {
    writePrivateFile(this.file, `${JSON.stringify(state, undefined, 2)}\n`);
    this.#state = state;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Which account of which server, as one text. */
export function accountKey({ server, username }: RememberedAccount): string {
  return `${username.normalize('NFKC').toLowerCase()}@${server.host.toLowerCase()}:${server.port}`;
}

/** Whether two choices lead to the same place in the same way. */
export function sameServer(one: ServerChoice, other: ServerChoice): boolean {
  return (
    one.host.toLowerCase() === other.host.toLowerCase() &&
    one.port === other.port &&
    (one.plaintext ?? false) === (other.plaintext ?? false)
  );
}

function load(file: string): AppState {
  const text = readPrivateFile(file);
  if (text === undefined) return { version: VERSION, preferences: DEFAULT_PREFERENCES, accounts: [], drafts: {} };
  try {
    return appState.parse(JSON.parse(text));
  } catch {
    throw new ProfileError(
      `The file with the app's settings is damaged: ${file}. Restore it, or delete it to start with the defaults.`,
    );
  }
}
