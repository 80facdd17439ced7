import { type UiFile, uiHeaders } from './ui-files.ts';

/** The files of the app's page, for a host that serves them. */
export interface PageSource {
  /** Of every answer, also one without a file. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * @param path of a URL, such as `/assets/index.js`
   * @param query of the same URL, with its question mark; empty if there is none
   * @returns undefined if there is no such file
   */
  find(path: string, query: string): Promise<UiFile | undefined>;
}

/**
 * The built page.
 * @param files from `readUiFiles`
 * @param connect the addresses that the page may connect to
 */
export function builtPage(files: ReadonlyMap<string, UiFile>, connect: "'self'" | "'none'"): PageSource {
  return { headers: uiHeaders(connect), find: async (path) => files.get(path) };
}
