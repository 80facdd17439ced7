const RULES = new Intl.PluralRules('en');

/** The English singular or plural form for a count. */
export function plural(count: number, one: string, other: string): string {
  return RULES.select(count) === 'one' ? one : other;
}
