import type { PageSource } from '../host/windows/page-source.ts';
import { VERSION } from '../host/version.ts';
import { defaultDataFolder } from '../node/profile.ts';
import { parseOptions, USAGE } from './options.ts';
import { runBrowserHost } from './run.ts';

/**
 * Runs the browser host with the arguments of this process, and sets its exit code.
 * @param pageIn gives the page; `uiFolder` as asked for, if at all
 */
export async function runProgram(pageIn: (uiFolder: string | undefined) => PageSource): Promise<void> {
  const parsed = parseOptions(process.argv.slice(2), process.env);
  switch (parsed.kind) {
    case 'print':
      process.stdout.write(parsed.what === 'help' ? `${USAGE}\n` : `aside-app ${VERSION}\n`);
      break;
    case 'mistake':
      process.stderr.write(`${parsed.text}\n`);
      process.exitCode = 2;
      break;
    case 'run': {
      const { dataFolder = defaultDataFolder(), uiFolder, ...options } = parsed.options;
      process.exitCode = await runBrowserHost({ ...options, dataFolder, page: () => pageIn(uiFolder) });
    }
  }
}
