/** Smaller differences may come from the network; milliseconds. */
const TOLERANCE_MS = 2_000;

/**
 * The server's clock minus this computer's (D10).
 * @param serverNow, now milliseconds since 1970 UTC
 */
export function clockOffsetOf(serverNow: number, now: number): number {
  const offset = serverNow - now;
  return Math.abs(offset) < TOLERANCE_MS ? 0 : offset;
}
