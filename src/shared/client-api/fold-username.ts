/**
 * Folds a username for comparison (B1): case and compatible forms of a letter do not matter. For finding a user in the
 * client; the server alone decides which names are the same.
 */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
