import { terminalText } from '../shared/text/terminal.ts';
import { helpText } from './commands/terminal-commands.ts';

/** The text of `aside --help`. */
export function usageText(dataFolder: string): string {
  return terminalText.program.help({ dataFolder, commands: helpText() });
}
