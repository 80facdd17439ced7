/** A rule that docs/specification.md lists under "Open rules". */
export interface OpenRule {
  readonly id: string;
  /** No part of the rule exists, so no test can cover it. */
  readonly notBuilt: boolean;
}

export interface Specification {
  /** Names of the rules, in order of the text. */
  readonly rules: readonly string[];
  readonly open: readonly OpenRule[];
}

/** Differences between a specification and its citations; all empty when they agree. */
export interface RuleFindings {
  /** Cited, but not in the specification. */
  readonly unknown: readonly string[];
  /** Neither cited by a test nor listed as open. */
  readonly uncited: readonly string[];
  /** Listed as open, but not in the specification. */
  readonly openWithoutRule: readonly string[];
  /** Listed as "Not built", but cited by a test. */
  readonly contradictory: readonly string[];
}

const OPEN_HEADING = '## Open rules';
const DEFINITION = /^- \*\*([A-L]\d{1,2})\*\* (.*)/gm;
/** `(D3)`, `(B1-B4, G2)`, `(F6: within 10 s)`. */
const IN_BRACKETS = /\(([A-L]\d[^()]*)\)/g;
const ITEM = /^([A-L])(\d{1,2})(?:-[A-L]?(\d{1,2}))?(?::.*)?$/s;
/** The start of a test title: `D3 D4 [ASIDE-7.2-8] …`, `A1: arguments`. */
const AT_START = /['"`]((?:[A-L]\d{1,2} )+)\[?\w|['"`]([A-L]\d{1,2}): /g;

export function readSpecification(markdown: string): Specification {
  const [text = '', open = ''] = markdown.split(OPEN_HEADING);
  return {
    rules: [...text.matchAll(DEFINITION)].map(([, id = '']) => id),
    open: [...open.matchAll(DEFINITION)].map(([, id = '', rest = '']) => ({
      id,
      notBuilt: rest.startsWith('Not built'),
    })),
  };
}

/** Rules that a text cites. */
export function citedRules(text: string): Set<string> {
  const cited = new Set<string>();
  for (const [, list = ''] of text.matchAll(IN_BRACKETS)) {
    for (const item of list.split(/,\s+(?:\*\s+)?/)) {
      const [, letter, from, to = from] = ITEM.exec(item) ?? [];
      for (let number = Number(from); number <= Number(to); number++) cited.add(`${letter}${number}`);
    }
  }
  for (const [, several, one] of text.matchAll(AT_START))
    for (const id of (several ?? one ?? '').trim().split(' ')) cited.add(id);
  return cited;
}

/** The text without whole-line comments, so that only code and test titles remain. */
export function withoutComments(source: string): string {
  return source
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
    .join('\n');
}

/**
 * Compares a specification with its citations.
 * @param cited rules that code, tests or documents cite
 * @param tested rules that a test cites outside its comments
 */
export function compareRules(
  { rules, open }: Specification,
  cited: ReadonlySet<string>,
  tested: ReadonlySet<string>,
): RuleFindings {
  const known = new Set(rules);
  const listed = new Set(open.map(({ id }) => id));
  return {
    unknown: [...cited].filter((id) => !known.has(id)),
    uncited: rules.filter((id) => !tested.has(id) && !listed.has(id)),
    openWithoutRule: [...listed].filter((id) => !known.has(id)),
    contradictory: open.filter(({ id, notBuilt }) => notBuilt && tested.has(id)).map(({ id }) => id),
  };
}
