import { developmentPage, developmentServer } from '../host/windows/development-page.ts';
import { runProgram } from './program.ts';

// `npm run dev` starts this program in place of index.ts. A build leaves it out, so a built browser host has no proxy.
await runProgram(() => {
  const server = developmentServer(process.env);
  if (server === undefined) throw new Error('Start this program with "npm run dev".');
  return developmentPage(server);
});
