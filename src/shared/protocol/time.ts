/** Latest accepted time: the end of the year 9999 UTC, in milliseconds since 1970 UTC (G11). */
export const LATEST_TIME = 253_402_300_799_999;

/** The closest time that every formatter can show: from 1970 through 9999 (G11). */
export function showableTime(at: number): number {
  return Number.isNaN(at) ? 0 : Math.min(Math.max(at, 0), LATEST_TIME);
}
