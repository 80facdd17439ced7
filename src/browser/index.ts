import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClientFolder } from '../node/profile.ts';
import { APP_VERSION } from '../host/version.ts';
import { browserHostText } from '../shared/text/shell.ts';
import { parseBrowserOptions } from './options.ts';
import { runBrowserHost } from './run.ts';

/** The built user interface is next to this program. */
const UI_FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'renderer');

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
    const { dataFolder = defaultClientFolder(), uiFolder = UI_FOLDER, ...options } = parsed.options;
    process.exitCode = await runBrowserHost({ ...options, dataFolder, uiFolder });
  }
}
