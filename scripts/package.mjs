// npm run package [-- electron-builder's options]: builds, then packages the desktop app for this system into
// build/package. Electron's own distribution is fetched once, unless -c.electronDist=FOLDER names one.
import { join } from 'node:path';
import { ROOT, run, setUp } from './setup.mjs';

await setUp({ build: true });
process.exitCode = await run(process.execPath, [
  join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
  '--publish',
  'never',
  ...process.argv.slice(2),
]);
