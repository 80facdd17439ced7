import type { z } from 'zod';

/**
 * Members of a stored object that this version does not know. Another version has written them, and a rewrite keeps them
 * (invariant 10 of ARCHITECTURE.md).
 */
export function unknownMembers(schema: Pick<z.ZodObject, 'shape'>, stored: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !Object.hasOwn(schema.shape, name)));
}
