import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import { fromDisk } from '../chat/from-disk.ts';
import type { RestoredMessage } from '../ports.ts';
import type { Core } from '../state/core.ts';
import { readMessageLine } from './message-line.ts';

/** Adds the messages of some lines of an exported history, as read. Lines that are no message are named and left out. */
export function importHistory(
  core: Core,
  { lines, firstLine, place, more = false }: CommandParams<'history.import'>,
): Outcome<CommandResult<'history.import'>> {
  const own = core.view().username;
  if (own === undefined) return failed('no-token');
  const messages: RestoredMessage[] = [];
  const faults: { line: number; text: string }[] = [];
  for (const [n, line] of lines.entries()) {
    const read = readMessageLine(line, own);
    if (read.kind === 'message') messages.push(read.message);
    else if (read.kind === 'fault') faults.push({ line: firstLine + n, text: read.text });
  }
  const { history } = core.ports;
  return fromDisk(() => {
    const restored = history.restore(messages, place);
    core.importNotice.added(more);
    return { ...restored, repeated: messages.length - restored.added, faults };
  });
}
