/** From this difference on the user is told; milliseconds. */
const WRONG_MS = 60_000;

/** Whether the clock of this computer differs so much from the server's that the user should know (D10). */
export function isClockWrong(clockOffset: number): boolean {
  return Math.abs(clockOffset) > WRONG_MS;
}
