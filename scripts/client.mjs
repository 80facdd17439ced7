// npm run client -- host port …: sets up what is missing, then runs the terminal client. Writes nothing of its own
// to standard output, so that a pipe gets the client's lines only.
import { join } from 'node:path';
import { ROOT, run, setUp } from './setup.mjs';

await setUp({ build: true });
process.exitCode = await run(process.execPath, [join(ROOT, 'out', 'terminal', 'index.js'), ...process.argv.slice(2)], {
  cwd: process.cwd(),
});
