const SUITES = ['fast', 'usual', 'all'] as const;

/**
 * The suite that runs: `fast` is `npm run test:fast`, `usual` is `npm test`, `all` is `npm run test:all`. A single file
 * started with `npx vitest run FILE` runs with all of its tests.
 */
export const SUITE: (typeof SUITES)[number] = SUITES.find((suite) => suite === process.env.ASIDE_SUITE) ?? 'all';

/** Cases that every suite runs, and further ones that only `npm run test:all` runs. */
export function cases<T>(usual: readonly T[], long: readonly T[]): readonly T[] {
  return SUITE === 'all' ? [...usual, ...long] : usual;
}
