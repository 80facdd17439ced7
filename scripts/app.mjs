// npm run app [-- --server HOST:PORT …]: sets up what is missing, then runs the app without a server.
import { setUp } from './setup.mjs';
import { startApp } from './start-app.mjs';

await setUp({ build: true });
process.exitCode = await startApp(process.argv.slice(2));
