import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import type { PrivateAnswer, PrivateOutputEvent } from './private-output-event.ts';

/** Somebody's times online: from, to; `null`: still there. Milliseconds since 1970 UTC. */
export type Interval = readonly [number, number | null];

/** What the answer to a command says. */
export type Answer =
  | { readonly command: 'whoelse'; readonly users: readonly { username: string; since: number }[] }
  | {
      readonly command: 'whoelsesince';
      readonly users: readonly { username: string; intervals: readonly Interval[] }[];
    }
  | { readonly command: 'search'; readonly users: readonly { username: string; online: boolean }[] }
  | { readonly command: 'blacklist'; readonly users: readonly string[] }
  | { readonly command: 'broadcast'; readonly recipients: number; readonly someBlocked: boolean }
  | {
      readonly command: 'outbox';
      readonly messages: readonly { id: string; to: string; text: string; at: number; attempted: boolean }[];
    }
  | {
      readonly command: 'find';
      /** The newest of those found, oldest first. */
      readonly messages: readonly { id: string; from: string; to?: string | undefined; text: string; at: number }[];
      /** There may be others, older ones. */
      readonly more: boolean;
    }
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'block' | 'unblock'; readonly user: string }
  | { readonly command: 'cancel'; readonly id: string }
  | { readonly command: 'password' | 'delete-account' | 'logout' }
  | PrivateAnswer;

type Tagged = { readonly tag?: string | number };

/**
 * Everything that the terminal client tells: with `--json` as one object a line, exactly these shapes; otherwise as
 * text. Described in docs/terminal.md.
 */
export type OutputEvent =
  | ({ readonly event: 'connection' } & ConnectionState)
  | { readonly event: 'certificate'; readonly fingerprint: string; readonly replaced: boolean }
  | {
      readonly event: 'signed-in';
      readonly username: string;
      readonly waiting: number;
      readonly online: readonly string[];
      readonly resumed: boolean;
    }
  | { readonly event: 'joined'; readonly username: string; readonly at: number }
  | { readonly event: 'left'; readonly username: string; readonly at: number; readonly reason?: string | undefined }
  | {
      readonly event: 'message';
      readonly id: string;
      readonly from: string;
      readonly text: string;
      readonly at: number;
    }
  | {
      readonly event: 'broadcast';
      readonly id: string;
      readonly from: string;
      readonly text: string;
      readonly at: number;
    }
  | { readonly event: 'typing'; readonly username: string; readonly typing: boolean }
  | ({
      readonly event: 'sent';
      readonly id: string;
      readonly to: string;
      readonly status: 'queued' | 'stored' | 'delivered' | 'refused';
      readonly reason?: string;
      readonly text?: string;
    } & Tagged)
  | PrivateOutputEvent
  | ({ readonly event: 'answer' } & Answer & Tagged)
  | ({
      readonly event: 'error';
      readonly command?: string;
      readonly reason: string;
      readonly text: string;
      readonly retryAfterMs?: number | undefined;
      readonly attemptsLeft?: number | undefined;
    } & Tagged);
