import type { CommandParams, CommandResult, LineFault } from '../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { RestoredMessage } from '../ports.ts';
import type { Core } from '../state/core.ts';
import { readMessageLine } from './export-line.ts';

/** Adds the messages of some lines of an exported history, marked as read. Other lines are reported and left out. */
export function importHistoryLines(
  core: Core,
  { lines, firstLine, place, behind, more = false }: CommandParams<'history.import'>,
): Outcome<CommandResult<'history.import'>> {
  const own = core.view().username;
  if (own === undefined) return failed('no-token');
  const messages: RestoredMessage[] = [];
  const faults: { line: number; reason: LineFault }[] = [];
  for (const [n, line] of lines.entries()) {
    const read = readMessageLine(line, own);
    if (read.kind === 'message') messages.push(read.message);
    else if (read.kind === 'fault') faults.push({ line: firstLine + n, reason: read.reason });
  }
  const { history } = core.ports;
  return runHistoryOperation(() => {
    const { added, place: after } = history.restore(
      messages,
      place === undefined ? undefined : { next: place, behind },
    );
    core.importRefresh.added(more);
    const places = { place: after.next, ...(after.behind === undefined ? {} : { behind: after.behind }) };
    return { added, repeated: messages.length - added, faults, ...places };
  });
}
