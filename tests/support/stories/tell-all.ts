import { afterAll, beforeAll, describe, it } from 'vitest';
import type { StoryHost } from './hosts.ts';
import { type Story, tell, VARIANTS, variantsOf } from './story.ts';

/** Every story in every way that makes sense for it. */
export function tellAll(where: string, makeHost: () => Promise<StoryHost>, stories: readonly Story[]): void {
  describe(where, () => {
    let host: StoryHost;
    beforeAll(async () => {
      host = await makeHost();
    });
    afterAll(() => host?.close());
    for (const told of stories) {
      describe(told.name, () => {
        it.each(variantsOf(told).map((variant) => [VARIANTS[variant], variant] as const))(
          '%s',
          (_words, variant) => tell(host, told, variant),
          120_000,
        );
      });
    }
  });
}
