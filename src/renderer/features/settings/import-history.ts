import type { CommandParams, LineFault } from '../../../shared/client-api/contract.ts';
import type { Failure } from '../../../shared/client-api/failure.ts';
import { FRAME_LIMITS } from '../../../shared/client-api/frames.ts';
import type { ClientActions } from '../../store/client.ts';
import { readFileLines } from './read-file-lines.ts';

/** The contract's bounds on one `history.import`. */
const BATCH_LINES = 500;
const LINE_CHARACTERS = 100_000;
/** A character (UTF-16) becomes at most six bytes of a frame of JSON: a backslash, a u, four digits. */
const BATCH_CHARACTERS = Math.floor((FRAME_LIMITS.frameBytes - 16_384) / 6);
/** Most faulty lines that are kept for display; the others are only counted. */
const FAULTS_KEPT = 20;
/** The version of the file format that this code reads. */
const VERSION = 1;

/** A faulty line and its fault. `too-long`: longer than the client accepts. */
export interface ImportFault {
  readonly line: number;
  readonly reason: LineFault | 'too-long';
}

/** Result of the lines that were read. */
export interface ImportSummary {
  readonly added: number;
  /** Messages that the history had before. */
  readonly repeated: number;
  readonly faulty: number;
  /** The first faulty lines. */
  readonly faults: readonly ImportFault[];
}

/** Result of an import. `foreign`: not an exported history; `newer`: of a newer version; `unreadable`: no text, or a disk error. */
export type ImportEnd =
  | { readonly kind: 'done' | 'cancelled' | 'foreign' | 'newer' | 'unreadable' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface ImportResult {
  readonly end: ImportEnd;
  readonly summary: ImportSummary;
}

export interface ImportProgress {
  /** 0 to 1. */
  readonly part: number;
  readonly added: number;
}

/**
 * Imports an exported history (JSON Lines) in batches (G8). After an early end, the imported messages stay; importing the
 * same file again continues.
 */
export async function importHistory(
  run: ClientActions['run'],
  file: Blob,
  signal: AbortSignal,
  tell: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const batches = new Batches(run);
  const end = await bringIn(batches, file, signal, tell);
  await batches.close();
  return { end, summary: batches.summary };
}

async function bringIn(
  batches: Batches,
  file: Blob,
  signal: AbortSignal,
  tell: (progress: ImportProgress) => void,
): Promise<ImportEnd> {
  let begun = false;
  try {
    for await (const { lines, bytes } of readFileLines(file, LINE_CHARACTERS)) {
      for (const line of lines) {
        if (!begun && line !== '') {
          const wrong = judgeHeader(line);
          if (wrong !== undefined) return { kind: wrong };
          begun = true;
        }
        const failure = await batches.add(line);
        if (failure !== undefined) return { kind: 'failed', failure };
        if (signal.aborted) return { kind: 'cancelled' };
      }
      tell({ part: file.size === 0 ? 1 : bytes / file.size, added: batches.summary.added });
    }
  } catch {
    return { kind: 'unreadable' };
  }
  const failure = await batches.flush();
  if (failure !== undefined) return { kind: 'failed', failure };
  return { kind: begun ? 'done' : 'foreign' };
}

/** @returns the fault of the first line, so that a wrong file gives one error and not one for each line */
function judgeHeader(line: string | undefined): 'foreign' | 'newer' | undefined {
  try {
    const header: unknown = JSON.parse(line ?? '');
    if (typeof header !== 'object' || header === null || !('aside' in header && 'version' in header)) return 'foreign';
    if (header.aside !== 'history') return 'foreign';
    return header.version === VERSION ? undefined : 'newer';
  } catch {
    return 'foreign';
  }
}

/** Sends lines to the history, in batches that fit into a frame. */
class Batches {
  summary: ImportSummary = { added: 0, repeated: 0, faulty: 0, faults: [] };
  #lines: string[] = [];
  #characters = 0;
  /** The number of the first of `#lines` in the file. */
  #firstLine = 1;
  #places: Pick<CommandParams<'history.import'>, 'place' | 'behind'> = {};

  constructor(private readonly run: ClientActions['run']) {}

  /** @param line undefined: too long; an empty line is counted */
  async add(line: string | undefined): Promise<Failure | undefined> {
    if (line === undefined) this.#fault([{ line: this.#firstLine + this.#lines.length, reason: 'too-long' }]);
    const text = line ?? '';
    const full = this.#lines.length === BATCH_LINES || this.#characters + text.length > BATCH_CHARACTERS;
    const failure = full ? await this.flush() : undefined;
    this.#lines.push(text);
    this.#characters += text.length;
    return failure;
  }

  async flush(): Promise<Failure | undefined> {
    const lines = this.#lines;
    if (lines.length === 0) return undefined;
    this.#lines = [];
    this.#characters = 0;
    const outcome = await this.run('history.import', {
      lines,
      firstLine: this.#firstLine,
      ...this.#places,
      more: true,
    });
    if (!outcome.ok) return outcome.failure;
    this.#firstLine += lines.length;
    const { added, repeated, faults, place, behind } = outcome.result;
    this.#places = behind === undefined ? { place } : { place, behind };
    this.summary = { ...this.summary, added: this.summary.added + added, repeated: this.summary.repeated + repeated };
    this.#fault(faults);
    return undefined;
  }

  /** Ends the import, also a failed one: all user interfaces read the history again. */
  async close(): Promise<void> {
    if (this.#places.place === undefined) return;
    await this.run('history.import', { lines: [], firstLine: this.#firstLine, ...this.#places });
  }

  #fault(found: readonly ImportFault[]): void {
    const { faulty, faults } = this.summary;
    const kept = [...faults, ...found].sort((one, other) => one.line - other.line).slice(0, FAULTS_KEPT);
    this.summary = { ...this.summary, faulty: faulty + found.length, faults: kept };
  }
}
