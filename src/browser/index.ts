import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataFolder } from '../node/profile.ts';
import { VERSION } from '../host/version.ts';
import { parseOptions, USAGE } from './options.ts';
import { runBrowserHost } from './run.ts';

/** The built user interface lies beside this program. */
const UI_FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'renderer');

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
    const { dataFolder = defaultDataFolder(), uiFolder = UI_FOLDER, ...options } = parsed.options;
    process.exitCode = await runBrowserHost({ ...options, dataFolder, uiFolder });
  }
}
