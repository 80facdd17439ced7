import type { ConnectionState } from '../shared/client-api/connection-state.ts';
import type { TerminalCommandName } from './commands/terminal-commands.ts';
import type { PrivateOutputEvent } from './private-output-event.ts';
import type { SentEvent, Tagged } from './sent-event.ts';

/**
 * Everything that the terminal client prints: with `--json` as one object a line, otherwise as text. docs/terminal.md
 * describes the objects.
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
  /** The clock of this computer is wrong: `offset` is the server's clock minus this one, in milliseconds. */
  | { readonly event: 'clock'; readonly offset: number }
  | { readonly event: 'joined'; readonly username: string; readonly at: number }
  | { readonly event: 'left'; readonly username: string; readonly at: number; readonly reason?: string | undefined }
  | {
      readonly event: 'message' | 'broadcast';
      readonly id: string;
      readonly from: string;
      readonly text: string;
      readonly at: number;
    }
  | { readonly event: 'typing'; readonly username: string; readonly typing: boolean }
  | SentEvent
  | PrivateOutputEvent
  /** In JSON, the members of `result` are members of the object. */
  | ({ readonly event: 'answer'; readonly command: TerminalCommandName; readonly result: object } & Tagged)
  | ({
      readonly event: 'error';
      readonly command?: string;
      readonly reason: string;
      readonly text: string;
      readonly retryAfterMs?: number | undefined;
      readonly attemptsLeft?: number | undefined;
    } & Tagged);

/** An output event as one line of JSON. */
export function toJson(output: OutputEvent): string {
  if (output.event !== 'answer') return JSON.stringify(output);
  const { event, command, result, ...tagged } = output;
  return JSON.stringify({ event, command, ...result, ...tagged });
}
