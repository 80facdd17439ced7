import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import { failed, type Failure } from '../../shared/client-api/failure.ts';
import { DRAFT_CHARACTERS, type HostCommandParams, type HostState } from '../../shared/client-api/host.ts';
import { characterStart } from '../../shared/text/cut.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { Port } from '../port/client-port.ts';
import { failureText } from '../../shared/text/failure-text.ts';
import type { Announcer } from './announcer.ts';
import { accountKey, type ClientState } from './client.ts';
import type { SliceStore } from './slice-store.ts';
import { UnsavedDrafts } from './unsaved-drafts.ts';

export interface DraftState {
  /** Unfinished texts by conversation; those of private sessions under `privateDraftKey`. */
  readonly drafts: Readonly<Record<string, string>>;
  /** The failure of a message that could not be sent, by the key of its draft: shown at the composer. */
  readonly sendFailures: Readonly<Record<string, Failure>>;
}

export function initialDrafts(): DraftState {
  return { drafts: {}, sendFailures: {} };
}

/** The key of the private draft to a user. */
export function privateDraftKey(username: string): string {
  return privateKey(conversationWith(username));
}

function privateKey(conversation: string): string {
  return `aside ${conversation}`;
}

/** The beginning of a draft that the host takes; the composer takes no longer text. */
function keepable(text: string): string {
  return text.length > DRAFT_CHARACTERS ? text.slice(0, characterStart(text, DRAFT_CHARACTERS)) : text;
}

/** All drafts that the host has. */
export function draftsOf({ drafts, privateDrafts = {} }: HostState): DraftState['drafts'] {
  const privateOnes = Object.entries(privateDrafts).map(([conversation, text]) => [privateKey(conversation), text]);
  return { ...drafts, ...(Object.fromEntries(privateOnes) as Record<string, string>) };
}

/** Changes drafts in the window at once, and in the host a moment later. */
export class DraftActions {
  readonly #unsaved = new UnsavedDrafts();

  constructor(
    private readonly store: SliceStore<DraftState & ClientState>,
    private readonly port: Port,
    private readonly announcer: Announcer,
    private readonly strings: Strings,
  ) {}

  set(conversation: string, text: string): void {
    this.#show(conversation, text);
    this.#save(conversation, text, { conversation, text });
  }

  /** The host keeps a private draft in memory only, never on the disk (F7). */
  setPrivate(username: string, text: string): void {
    const key = privateDraftKey(username);
    const conversation = conversationWith(username);
    this.#show(key, text);
    this.#save(key, text, { conversation, text, isPrivate: true });
  }

  /** Puts the text of a message that could not be sent back into the composer, before the text written since. */
  giveBack(key: string, text: string, failure: Failure, set: (text: string) => void): void {
    const since = this.store.getState().drafts[key] ?? '';
    set(since === '' ? text : `${text}\n${since}`);
    this.store.setState((state) => ({ sendFailures: { ...state.sendFailures, [key]: failure } }));
    this.announcer.announce(failureText(this.strings, failure));
  }

  /** Takes over a draft that the host has from another window, unless the user has typed since. */
  changed({ conversation, text, isPrivate }: HostCommandParams<'host.writeDraft'>): void {
    const key = isPrivate === true ? privateKey(conversation) : conversation;
    if (this.unsaved()[key] !== undefined || this.store.getState().drafts[key] === text) return;
    this.#show(key, text);
  }

  /** The drafts of this account that the host may not have. */
  unsaved(): DraftState['drafts'] {
    return this.#unsaved.of(this.#account());
  }

  /** Writes all unsaved drafts now, so that none is lost when the window closes (G7). */
  flush(): void {
    this.#unsaved.flush();
  }

  /** Shows whether the host can save drafts; the composer shows a warning if not. */
  setUnsaved(unsaved: boolean): void {
    this.store.setState(({ hostState: { draftsUnsaved: _before, ...hostState } }) => ({
      hostState: unsaved ? { ...hostState, draftsUnsaved: true } : hostState,
    }));
    if (unsaved) this.announcer.announce(this.strings.composer.unsaved);
  }

  #save(key: string, text: string, params: HostCommandParams<'host.writeDraft'>): void {
    const account = this.#account();
    this.#unsaved.set({ account, key, text }, () =>
      account === this.#account()
        ? this.port.host('host.writeDraft', { ...params, text: keepable(text) })
        : Promise.resolve(failed('connection-lost')),
    );
  }

  #show(key: string, text: string): void {
    this.store.setState(({ drafts, sendFailures: { [key]: _resolved, ...others } }) => ({
      drafts: { ...drafts, [key]: text },
      sendFailures: others,
    }));
  }

  #account(): string {
    return accountKey(this.store.getState());
  }
}
