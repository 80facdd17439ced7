import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { GATES } from '../../scripts/gates.mjs';
import { gateOn, plantProject } from './planted-project.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function plant(...args: Parameters<typeof plantProject>): Promise<string> {
  const folder = await plantProject(...args);
  folders.push(folder);
  return folder;
}

/** Lines of a gate's output that speak of a file. */
const about = (output: string, file: string): string[] => output.split('\n').filter((line) => line.includes(file));

describe('every gate', () => {
  it('lets a clean project pass, so that what fails below fails for its planted fault', async () => {
    const folder = await plant({});
    for (const { name } of GATES) {
      const { passed, output } = await gateOn(folder, name);
      expect(passed, `${name}: ${output}`).toBe(true);
    }
  });
});

describe('the gate "types"', () => {
  it('gives every layer only the globals that it may use', async () => {
    const faults: Record<string, string> = {
      'src/shared/fault.ts': 'process',
      'src/shared/fault-timer.ts': 'setTimeout',
      'src/core/fault.ts': 'setTimeout',
      'src/core/fault-page.ts': 'document',
      'src/node/fault.ts': 'document',
      'src/terminal/fault.ts': 'document',
      'server/src/fault.ts': 'document',
      'scripts/fault.mjs': 'document',
    };
    const files = Object.entries(faults).map(([path, name]) => [path, `export const fault = ${name};\n`]);
    const { passed, output } = await gateOn(await plant(Object.fromEntries(files)), 'types');
    expect(passed).toBe(false);
    for (const [path, name] of Object.entries(faults)) {
      expect(about(output, path).join('\n'), path).toMatch(`Cannot find name '${name}'`);
    }
  });

  it('refuses an unchecked index, an implicit any and a forgotten return', async () => {
    const folder = await plant({
      'src/core/fault.ts': [
        'export const first = (list: string[]): string => list[0];',
        'export const loose = (value) => value;',
        "export function half(yes: boolean) { if (yes) return 'yes'; }",
      ].join('\n'),
    });
    const { passed, output } = await gateOn(folder, 'types');
    expect(passed).toBe(false);
    expect(about(output, 'fault.ts').map((line) => /TS\d+/.exec(line)?.[0])).toEqual(['TS2322', 'TS7006', 'TS7030']);
  });
});

describe('the gate "lint"', () => {
  it.each([
    [
      'a promise that nobody waits for',
      'typescript(no-floating-promises)',
      'src/core/fault.ts',
      'async function later(): Promise<void> {}\nexport function now(): void {\n  later();\n}\n',
    ],
    [
      'a promise where a plain function is expected',
      'typescript(no-misused-promises)',
      'src/core/fault.ts',
      'export const each = (list: string[]): void => list.forEach(async () => {});\n',
    ],
    [
      'a switch that forgets a kind',
      'typescript(switch-exhaustiveness-check)',
      'src/core/fault.ts',
      "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'A';\n  }\n  return '';\n}\n",
    ],
    [
      'a switch whose default hides a kind',
      'typescript(switch-exhaustiveness-check)',
      'src/core/fault.ts',
      "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'A';\n    default:\n      return '';\n  }\n}\n",
    ],
    ['an any', 'typescript(no-explicit-any)', 'src/core/fault.ts', 'export const fault = (x: any): void => void x;\n'],
    [
      'what JSON.parse gives, used unchecked',
      'typescript(no-unsafe-return)',
      'server/src/fault.ts',
      'export const fault = (text: string): string => JSON.parse(text);\n',
    ],
    [
      'a loose comparison',
      'eslint(eqeqeq)',
      'src/core/fault.ts',
      'export const same = (a: number): boolean => a == 1;\n',
    ],
    [
      'a default export',
      'import(no-default-export)',
      'src/core/fault.ts',
      'export default function fault(): void {}\n',
    ],
    ['a barrel', 'oxc(no-barrel-file)', 'src/core/fault.ts', "export * from './client.ts';\n"],
    ['console in a library layer', 'eslint(no-console)', 'server/src/ops/fault.ts', "console.error('');\nexport {};\n"],
    [
      'the clock in the domain',
      'eslint(no-restricted-globals)',
      'server/src/domain/fault.ts',
      'export const now = (): number => Date.now();\n',
    ],
    [
      'a timer in a command',
      'eslint(no-restricted-globals)',
      'server/src/commands/fault.ts',
      'setTimeout(() => {}, 1);\nexport {};\n',
    ],
    [
      'chance in the core',
      'eslint(no-restricted-properties)',
      'src/core/fault.ts',
      'export const chance = (): number => Math.random();\n',
    ],
  ])('refuses %s', async (_what, rule, path, content) => {
    const { passed, output } = await gateOn(await plant({ [path]: content }), 'lint');
    expect(passed).toBe(false);
    expect(output).toContain(rule);
    expect(output).toContain(path);
  });
});

describe('the gate "format"', () => {
  it.each([
    ['double quotes', 'export const fault = "x";\n'],
    ['four spaces', "export function fault(): string {\n    return 'x';\n}\n"],
    ['a missing semicolon', "export const fault = 'x'\n"],
    [
      'a missing trailing comma',
      "export const fault = [\n  'x'.repeat(100),\n  'x'.repeat(100),\n  'x'.repeat(100),\n  'x'.repeat(100)\n];\n",
    ],
    ['a line of more than 120 columns', `export const fault = ['${'x'.repeat(60)}', '${'x'.repeat(60)}'];\n`],
  ])('refuses %s', async (_what, content) => {
    const { passed, output } = await gateOn(await plant({ 'src/core/fault.ts': content }), 'format');
    expect(passed).toBe(false);
    expect(output).toContain('src/core/fault.ts format');
  });
});

describe('the gate "unused"', () => {
  it('refuses a file, an export, a type and a package that nobody uses, and a package that is not declared', async () => {
    const folder = await plant(
      {
        'src/core/nobody.ts': 'export const nobody = 1;\n',
        'src/shared/greeting.ts':
          'export const greeting = (name: string): string => `Hello ${name}`;\nexport const lonely = 1;\nexport type Lonely = string;\n',
        'src/node/clock.ts': "import { parse } from 'acorn';\n\nexport const now = (): number => parse('').end;\n",
      },
      { zod: '*' },
    );
    const { passed, output } = await gateOn(folder, 'unused');
    expect(passed).toBe(false);
    expect(output).toMatch(/Unused files[^]*src\/core\/nobody\.ts/);
    expect(output).toMatch(/Unused dependencies[^]*zod/);
    expect(output).toMatch(/Unlisted dependencies[^]*acorn/);
    expect(output).toMatch(/Unused exports[^]*lonely/);
    expect(output).toMatch(/Unused exported types[^]*Lonely/);
  });
});
