// npm run package [-- electron-builder's options]: builds, then packages the desktop app for this system into
// build/package. Electron's own distribution is fetched once, unless -c.electronDist=FOLDER names one.
import { join } from 'node:path';
import { ROOT, run, setUp } from './setup.mjs';

await setUp({ build: false });
// Always: `npm run dev` leaves a main process and a preload script of its own in out.
const built = await run(process.execPath, [join('scripts', 'build.mjs')]);
if (built !== 0) process.exit(built);
process.exitCode = await run(process.execPath, [
  join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
  '--publish',
  'never',
  ...process.argv.slice(2),
]);
