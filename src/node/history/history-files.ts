import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Client } from '../../core/client.ts';
import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { type Done, failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';

/** Lines handed over at once. Longer ones than a message can have are cut, and refused for that. */
const LINES = 200;
const LONGEST_LINE = 100_000;
/** Mistakes that are named; a file that is something else altogether has one in every line. */
const FAULTS = 100;

/** What an import came to. `faulty`: how many lines were left out, of which `faults` names the first hundred. */
export interface Imported {
  readonly added: number;
  readonly repeated: number;
  readonly faulty: number;
  readonly faults: CommandResult<'history.import'>['faults'];
}

/**
 * Writes the history into a file that only its owner may read, replacing one that is there when it is complete.
 * @returns `storage-here` where the file cannot be written
 */
export async function exportToFile(
  client: Client,
  file: string,
  what: Omit<CommandParams<'history.export'>, 'from'>,
): Promise<Outcome<Done>> {
  const draft = `${file}.${process.pid}.draft`;
  try {
    const handle = await open(draft, 'w', 0o600);
    try {
      let from: CommandParams<'history.export'>['from'];
      do {
        const page = await client.run('history.export', { ...what, from });
        if (!page.ok) return page;
        await handle.writeFile(page.result.text);
        from = page.result.next;
      } while (from !== undefined);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    return succeeded({});
  } catch {
    return failed('storage-here');
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/**
 * Adds the messages of a history that was exported as JSON. What was added before a failure stays.
 * @returns `storage-here` where the file cannot be read
 */
export async function importFromFile(client: Client, file: string): Promise<Outcome<Imported>> {
  const faults: Imported['faults'] = [];
  let [added, repeated, faulty, done] = [0, 0, 0, 0];
  let place: number | undefined;
  let lines: string[] = [];
  const handOver = async (more: boolean) => {
    const outcome = await client.run('history.import', { lines, firstLine: done + 1, place, more });
    if (!outcome.ok) return outcome;
    const { result } = outcome;
    place = result.place;
    added += result.added;
    repeated += result.repeated;
    faulty += result.faults.length;
    faults.push(...result.faults.slice(0, FAULTS - faults.length));
    done += lines.length;
    lines = [];
    return undefined;
  };
  try {
    for await (const line of linesOf(file)) {
      lines.push(line);
      const failure = lines.length === LINES ? await handOver(true) : undefined;
      if (failure !== undefined) return failure;
    }
  } catch {
    return failed('storage-here', 'This file cannot be read. Check that it is there and that you may read it.');
  }
  return (await handOver(false)) ?? succeeded({ added, repeated, faulty, faults });
}

/** The lines of a text file, however long they are, in bounded memory. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let line = '';
  let first = true;
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const text = String(chunk);
    // Some editors put a byte order mark in front.
    const parts = (first ? text.replace(/^\ufeff/, '') : text).split('\n');
    first = false;
    for (const [n, part] of parts.entries()) {
      if (n > 0) {
        yield line;
        line = '';
      }
      line += part.slice(0, LONGEST_LINE - line.length);
    }
  }
  if (line !== '') yield line;
}
