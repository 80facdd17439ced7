/**
 * A username as it is compared here (B1): without regard to case and to forms of the same letter. The server alone decides
 * who is who; this is for finding somebody again.
 */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
