// npm run check [-- gate …]: the gates, or those that are named.
import { GATES, runGates } from './gates.mjs';
import { say, setUp } from './setup.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !GATES.some((gate) => gate.name === name));
if (unknown.length > 0) {
  say(`There is no gate called ${unknown.join(', ')}. There are: ${GATES.map((gate) => gate.name).join(', ')}.`);
  process.exit(2);
}
await setUp({ build: false });
const { failed } = await runGates(asked.length === 0 ? GATES : GATES.filter((gate) => asked.includes(gate.name)));
process.exitCode = failed === 0 ? 0 : 1;
