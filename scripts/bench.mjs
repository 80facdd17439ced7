// npm run bench: sets up what is missing, then measures.
import { join } from 'node:path';
import { ROOT, run, setUp } from './setup.mjs';

await setUp({ build: true });
process.exitCode = await run(process.execPath, [join(ROOT, 'bench', 'run.mjs'), ...process.argv.slice(2)]);
