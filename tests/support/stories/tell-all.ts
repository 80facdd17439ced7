import { afterAll, beforeAll, describe, it } from 'vitest';
import { describeInBrowser } from '../browser.ts';
import type { StoryHost } from './hosts.ts';
import { type Story, tell, VARIANTS, type Variant, variantsOf } from './story.ts';
import { SUITE } from '../suite.ts';

const TELLING_MS = 400_000;

/**
 * Tests every story in every variant that makes sense for it, one after the other. `npm test` tells each story as it is.
 * @param slow a story that mostly waits: it runs beside the others, unless a filter leaves it out
 * @param only variants to tell, if not all are wanted
 */
export function tellAll(
  where: string,
  makeHost: () => Promise<StoryHost>,
  stories: readonly Story[],
  { slow, only }: { slow?: Story; only?: readonly Variant[] } = {},
): void {
  describeInBrowser(where, () => {
    let host: StoryHost;
    let beside: Promise<Error | undefined> | undefined;
    // oxlint-disable-next-line no-empty-pattern -- vitest takes nothing else there, and nothing of it is needed
    beforeAll(async ({}, { tasks }) => {
      host = await makeHost();
      if (slow !== undefined && tasks.some(({ name, mode }) => name === slow.name && mode === 'run')) {
        beside = tell(host, slow, 'plain').then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        );
      }
    }, TELLING_MS);
    afterAll(async () => {
      await beside;
      await host?.close();
    }, TELLING_MS);
    for (const told of stories) {
      describe(told.name, () => {
        const wanted = variantsOf(told).filter((one) => only?.includes(one) !== false);
        const variants: readonly Variant[] = SUITE === 'all' ? wanted : ['plain'];
        it.each(variants.map((variant) => [VARIANTS[variant], variant] as const))(
          '%s',
          (_words, variant) => tell(host, told, variant),
          TELLING_MS,
        );
      });
    }
    if (slow === undefined) return;
    it(slow.name, { timeout: TELLING_MS }, async () => {
      const failure = await beside;
      if (failure !== undefined) throw failure;
    });
  });
}
