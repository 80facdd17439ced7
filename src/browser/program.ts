import type { PageSource } from '../host/windows/page-source.ts';
import { APP_VERSION } from '../host/version.ts';
import { defaultClientFolder } from '../node/profile.ts';
import { browserHostText } from '../shared/text/shell.ts';
import { parseBrowserOptions } from './options.ts';
import { runBrowserHost } from './run.ts';

/**
 * Runs the browser host with the arguments of this process, and sets its exit code.
 * @param pageIn returns the page; `uiFolder` is the value of the option, if given
 */
export async function runProgram(pageIn: (uiFolder: string | undefined) => PageSource): Promise<void> {
  const parsed = parseBrowserOptions(process.argv.slice(2), process.env);
  switch (parsed.kind) {
    case 'print':
      process.stdout.write(parsed.what === 'help' ? `${browserHostText.usage}\n` : `aside-app ${APP_VERSION}\n`);
      break;
    case 'mistake':
      process.stderr.write(`${parsed.text}\n`);
      process.exitCode = 2;
      break;
    case 'run': {
      const { dataFolder = defaultClientFolder(), uiFolder, ...options } = parsed.options;
      process.exitCode = await runBrowserHost({ ...options, dataFolder, page: () => pageIn(uiFolder) });
    }
  }
}
