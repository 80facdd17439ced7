import type { PrivatePath, PrivateSessionView } from '../shared/client-api/private-view.ts';

/** How somebody's device identity stands: `new`, `known`, `verified` or `changed`. */
type Identity = Extract<PrivateSessionView['state'], { state: 'open' }>['trust'];
interface OfSession {
  readonly event: 'private';
  readonly username: string;
  readonly sid: string;
  /** Whether we asked. */
  readonly initiator: boolean;
}

/** What talking aside tells. Described in docs/terminal.md. */
export type PrivateOutputEvent =
  | (OfSession & { readonly state: 'asking'; readonly expiresAt: number })
  | (OfSession & {
      readonly state: 'asked';
      readonly expiresAt: number;
      readonly note?: string;
      readonly identity: Identity;
    })
  | (OfSession & { readonly state: 'connecting'; readonly because: 'accepted' | 'path-lost' })
  | (OfSession & {
      readonly state: 'open';
      readonly path: PrivatePath;
      readonly identity: Identity;
      /** After its path was lost. */
      readonly again: boolean;
    })
  | (OfSession & {
      readonly state: 'ended';
      readonly reason: string;
      readonly by: 'you' | 'peer' | 'server';
      readonly loud: boolean;
      readonly text: string;
    })
  | {
      readonly event: 'private-message';
      readonly id: string;
      readonly sid: string;
      readonly from: string;
      readonly text: string;
      readonly at: number;
      readonly kept: boolean;
    }
  | {
      readonly event: 'private-sent';
      readonly id: string;
      readonly sid: string;
      readonly to: string;
      readonly status: 'sent' | 'delivered' | 'undelivered';
      readonly tag?: string | number;
    }
  | { readonly event: 'private-typing'; readonly username: string; readonly typing: boolean }
  | {
      readonly event: 'private-keep';
      readonly username: string;
      readonly sid: string;
      readonly own: boolean;
      readonly peer: boolean;
      readonly by: 'you' | 'peer';
    }
  | { readonly event: 'private-identity'; readonly username: string; readonly sid: string; readonly identity: Identity }
  | { readonly event: 'identity-changed'; readonly username: string }
  | { readonly event: 'private-warning'; readonly username: string; readonly fault: string; readonly text: string };

/** What answers to commands about talking aside say. */
export type PrivateAnswer =
  | {
      readonly command: 'startprivate';
      readonly user: string;
      readonly sid: string;
      /** Until when the other may answer; absent where both have asked. */
      readonly expiresAt?: number;
    }
  | { readonly command: 'yes' | 'no' | 'stopprivate'; readonly user: string; readonly sid: string }
  | { readonly command: 'keep'; readonly user: string; readonly keep: boolean }
  | { readonly command: 'safety'; readonly user: string; readonly digits: string; readonly identity: Identity }
  | { readonly command: 'verify' | 'accept'; readonly user: string; readonly identity: Identity }
  | {
      readonly command: 'reveal';
      readonly reveal: boolean;
      /** What was said of single people, by name. */
      readonly people: Readonly<Record<string, boolean>>;
    }
  | { readonly command: 'aside'; readonly sessions: readonly PrivateSessionView[] };
