// npm start [-- port block_duration timeout …]: sets up what is missing, then runs the server.
import { join } from 'node:path';
import { ROOT, run, say, setUp } from './setup.mjs';

const DEFAULTS = ['12000', '120', '0'];

const given = process.argv.slice(2);
const args = given.length === 0 || given[0]?.startsWith('-') ? [...DEFAULTS, ...given] : given;
const port = args[0];

await setUp({ build: true });
say(`Starting the server: node server/dist/index.js ${args.join(' ')}`);
say(`To join, in another terminal: npm run client -- 127.0.0.1 ${port}`);
process.exitCode = await run(process.execPath, [join(ROOT, 'server', 'dist', 'index.js'), ...args], {
  cwd: process.cwd(),
});
