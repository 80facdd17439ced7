#!/usr/bin/env node
import { defaultClientFolder } from '../node/profile.ts';
import { ProfileError } from '../node/profile-error.ts';
import { runInteractive } from './interactive.ts';
import { parseTerminalOptions, type TerminalOptions } from './options.ts';
import { runPiped } from './piped.ts';
import { usageText } from './usage.ts';
import { VERSION } from './version.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function onSignal(call: (exitCode: number) => void): void {
  for (const [signal, code] of Object.entries(SIGNALS)) {
    // A second signal ends the process at once.
    process.once(signal, () => call(code));
  }
}

async function run(options: TerminalOptions): Promise<number> {
  const { stdin: input, stdout: output, stderr: errors } = process;
  if (input.isTTY && output.isTTY && !options.json) return await runInteractive(options, { input, output, onSignal });
  return await runPiped(options, { input, output, errors, onSignal });
}

async function main(): Promise<number> {
  const parsed = parseTerminalOptions(process.argv.slice(2), process.env);
  switch (parsed.kind) {
    case 'mistake':
      process.stderr.write(`${parsed.text}\n`);
      return 2;
    case 'print':
      process.stdout.write(parsed.what === 'help' ? usageText(defaultClientFolder()) : `aside ${VERSION}\n`);
      return 0;
    case 'run':
      try {
        return await run(parsed.options);
      } catch (error) {
        if (!(error instanceof ProfileError)) throw error;
        process.stderr.write(`aside: ${error.message}\n`);
        return 1;
      }
  }
}

// The reader of the output has gone.
process.stdout.on('error', () => process.exit(1));

process.exitCode = await main();
// Standard input that is not read to its end would keep the process alive.
process.stdin.destroy();
