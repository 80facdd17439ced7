import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A numbered clause of docs/protocol.md. */
export interface Clause {
  /** For example `ASIDE-3.2-1`. */
  readonly id: string;
  /** Number of the section that it stands in, by its heading. */
  readonly section: string;
}

/** Contradictions between a text of clauses and the tests that cite them; all empty if there are none. */
export interface ClauseFindings {
  /** Clauses that no test cites and no exception names. */
  readonly uncited: readonly string[];
  /** Cited, but not in the text. */
  readonly unknown: readonly string[];
  /** Exceptions for clauses that are not in the text, or that a test cites after all. */
  readonly needless: readonly string[];
}

const DEFINITION = /^- \[(ASIDE-[\d.]+-\d+)\]/;
const HEADING = /^##+ ([\d.]*\d)\.? /;
const CITATION = /\b(ASIDE-[\d.]+-\d+)\b/g;

/** The clauses of a text in Markdown, in order. */
export function readClauses(markdown: string): Clause[] {
  const clauses: Clause[] = [];
  let section = '';
  for (const line of markdown.split('\n')) {
    section = HEADING.exec(line)?.[1] ?? section;
    const id = DEFINITION.exec(line)?.[1];
    if (id !== undefined) clauses.push({ id, section });
  }
  return clauses;
}

/** Clauses that a test's source cites. Comments do not count: only what a run of the tests shows in a title. */
export function citedClauses(source: string): Set<string> {
  const cited = new Set<string>();
  for (const line of source.split('\n')) {
    if (/^\s*(\/\/|\/?\*)/.test(line)) continue;
    for (const match of line.matchAll(CITATION)) if (match[1] !== undefined) cited.add(match[1]);
  }
  return cited;
}

/** Clauses that any `*.test.ts` below a folder cites. */
export function citedBelow(folder: string): Set<string> {
  const cited = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.test.ts')) continue;
    for (const id of citedClauses(readFileSync(join(folder, entry), 'utf8'))) cited.add(id);
  }
  return cited;
}

/**
 * Compares clauses with citations.
 * @param exceptions clauses that need no test, each with the reason why
 */
export function compareClauses(
  clauses: readonly Clause[],
  cited: ReadonlySet<string>,
  exceptions: Readonly<Record<string, string>>,
): ClauseFindings {
  const known = new Set(clauses.map((clause) => clause.id));
  return {
    uncited: [...known].filter((id) => !cited.has(id) && !Object.hasOwn(exceptions, id)),
    unknown: [...cited].filter((id) => !known.has(id)),
    needless: Object.keys(exceptions).filter((id) => !known.has(id) || cited.has(id)),
  };
}
