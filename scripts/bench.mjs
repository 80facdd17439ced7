// npm run bench: sets up what is missing, then measures the server; with --app the app.
import { join } from 'node:path';
import { ROOT, run, setUp } from './setup.mjs';

await setUp({ build: true });
const args = process.argv.slice(2);
const program = args.includes('--app') ? 'app.mjs' : 'run.mjs';
process.exitCode = await run(process.execPath, [join(ROOT, 'bench', program), ...args]);
