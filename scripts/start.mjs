// npm start [-- port block_duration timeout …]: sets up what is missing, then runs the server and the app.
import { setUp } from './setup.mjs';
import { startServerAndApp } from './start-app.mjs';

const DEFAULTS = ['12000', '120', '0'];

const given = process.argv.slice(2);
await setUp({ build: true });
process.exitCode = await startServerAndApp(
  given.length === 0 || given[0]?.startsWith('-') ? [...DEFAULTS, ...given] : given,
);
