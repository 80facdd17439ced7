import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPage } from '../host/windows/page-source.ts';
import { readUiFiles } from '../host/windows/ui-files.ts';
import { runProgram } from './program.ts';

/** The built user interface is next to this program. */
const UI_FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'renderer');

await runProgram((uiFolder = UI_FOLDER) => builtPage(readUiFiles(uiFolder), "'self'"));
