import { rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { GATES } from '../../scripts/gates.mjs';
import { cases } from '../support/suite.ts';
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

/** `file rule` of each finding that the linter prints. */
function findings(output: string): string[] {
  const found: string[] = [];
  let rule = '';
  for (const line of output.split('\n')) {
    rule = /([a-z]+\([\w-]+\))/.exec(line)?.[1] ?? rule;
    const path = /\[([^\]:]+\.ts):\d/.exec(line)?.[1];
    if (path !== undefined) found.push(`${path} ${rule}`);
  }
  return found;
}

describe('Every gate', () => {
  it('passes a clean project, so that a failure below comes from the planted fault', async () => {
    const folder = await plant({});
    for (const { name } of GATES) {
      const { passed, output } = await gateOn(folder, name);
      expect(passed, `${name}: ${output}`).toBe(true);
    }
  });
});

const GLOBALS: Record<string, string> = {
  'src/shared/fault.ts': 'process',
  'src/shared/fault-timer.ts': 'setTimeout',
  'src/core/fault.ts': 'setTimeout',
  'src/core/fault-page.ts': 'document',
  'src/node/fault.ts': 'document',
  'src/terminal/fault.ts': 'document',
  'server/src/fault.ts': 'document',
  'scripts/fault.mjs': 'document',
};

describe('Gate "types"', () => {
  it('refuses globals of another layer, an unchecked index, an implicit any and a forgotten return', async () => {
    const files = Object.entries(GLOBALS).map(([path, name]) => [path, `export const fault = ${name};\n`]);
    const folder = await plant({
      ...Object.fromEntries(files),
      'src/core/fault-types.ts': [
        'export const first = (list: string[]): string => list[0];',
        'export const loose = (value) => value;',
        "export function half(yes: boolean) { if (yes) return 'yes'; }",
      ].join('\n'),
    });
    const { passed, output } = await gateOn(folder, 'types');
    expect(passed).toBe(false);
    for (const [path, name] of Object.entries(GLOBALS))
      expect(about(output, path).join('\n'), path).toMatch(`Cannot find name '${name}'`);
    const codes = about(output, 'fault-types.ts').map((line) => /TS\d+/.exec(line)?.[0]);
    expect(codes).toEqual(['TS2322', 'TS7006', 'TS7030']);
  });
});

/** Fault, rule, file, content. */
const LINT_FAULTS: readonly [what: string, rule: string, path: string, content: string][] = [
  [
    'a promise without await',
    'typescript(no-floating-promises)',
    'src/core/fault-1.ts',
    'async function later(): Promise<void> {}\nexport function now(): void {\n  later();\n}\n',
  ],
  [
    'a promise where a plain function is expected',
    'typescript(no-misused-promises)',
    'src/core/fault-2.ts',
    'export const each = (list: string[]): void => list.forEach(async () => {});\n',
  ],
  [
    'a switch that forgets a kind',
    'typescript(switch-exhaustiveness-check)',
    'src/core/fault-3.ts',
    "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'A';\n  }\n  return '';\n}\n",
  ],
  [
    'a switch whose default hides a kind',
    'typescript(switch-exhaustiveness-check)',
    'src/core/fault-4.ts',
    "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'A';\n    default:\n      return '';\n  }\n}\n",
  ],
  ['an any', 'typescript(no-explicit-any)', 'src/core/fault-5.ts', 'export const fault = (x: any): void => void x;\n'],
  [
    'an unchecked result of JSON.parse',
    'typescript(no-unsafe-return)',
    'server/src/fault-6.ts',
    'export const fault = (text: string): string => JSON.parse(text);\n',
  ],
  [
    'a loose comparison',
    'eslint(eqeqeq)',
    'src/core/fault-7.ts',
    'export const same = (a: number): boolean => a == 1;\n',
  ],
  [
    'a default export',
    'import(no-default-export)',
    'src/core/fault-8.ts',
    'export default function fault(): void {}\n',
  ],
  ['a barrel', 'oxc(no-barrel-file)', 'src/core/fault-9.ts', "export * from './client.ts';\n"],
  [
    'console in a library layer',
    'eslint(no-console)',
    'server/src/ops/fault-10.ts',
    "console.error('');\nexport {};\n",
  ],
  [
    'the clock in the domain',
    'eslint(no-restricted-globals)',
    'server/src/domain/fault-11.ts',
    'export const now = (): number => Date.now();\n',
  ],
  [
    'a timer in a command',
    'eslint(no-restricted-globals)',
    'server/src/commands/fault-12.ts',
    'setTimeout(() => {}, 1);\nexport {};\n',
  ],
  [
    'chance in the core',
    'eslint(no-restricted-properties)',
    'src/core/fault-13.ts',
    'export const chance = (): number => Math.random();\n',
  ],
];

describe('Gate "lint"', () => {
  it('refuses faults of each kind, all in one project, and nothing else', async () => {
    const folder = await plant(Object.fromEntries(LINT_FAULTS.map(([, , path, content]) => [path, content])));
    const { passed, output } = await gateOn(folder, 'lint');
    expect(passed).toBe(false);
    const found = new Set(findings(output));
    expect([...found].toSorted()).toEqual(LINT_FAULTS.map(([, rule, path]) => `${path} ${rule}`).toSorted());
  });

  it.each(cases([], LINT_FAULTS))('refuses %s', async (_what, rule, path, content) => {
    const { passed, output } = await gateOn(await plant({ [path]: content }), 'lint');
    expect(passed).toBe(false);
    expect(new Set(findings(output))).toEqual(new Set([`${path} ${rule}`]));
  });
});

/** Fault, content. */
const FORMAT_FAULTS: readonly [what: string, content: string][] = [
  ['double quotes', 'export const fault = "x";\n'],
  ['four spaces', "export function fault(): string {\n    return 'x';\n}\n"],
  ['a missing semicolon', "export const fault = 'x'\n"],
  [
    'a missing trailing comma',
    "export const fault = [\n  'x'.repeat(100),\n  'x'.repeat(100),\n  'x'.repeat(100),\n  'x'.repeat(100)\n];\n",
  ],
  ['a line of more than 120 columns', `export const fault = ['${'x'.repeat(60)}', '${'x'.repeat(60)}'];\n`],
];

describe('Gate "format"', () => {
  it('refuses faults of each kind, all in one project, and nothing else', async () => {
    const files = FORMAT_FAULTS.map(([, content], index) => [`src/core/fault-${index}.ts`, content] as const);
    const { passed, output } = await gateOn(await plant(Object.fromEntries(files)), 'format');
    expect(passed).toBe(false);
    const refused = [...output.matchAll(/^(\S+) format /gm)].map(([, path = '']) => path);
    expect(refused.toSorted()).toEqual(files.map(([path]) => path));
  });

  it.each(cases([], FORMAT_FAULTS))('refuses %s', async (_what, content) => {
    const { passed, output } = await gateOn(await plant({ 'src/core/fault.ts': content }), 'format');
    expect(passed).toBe(false);
    expect(output).toContain('src/core/fault.ts format');
  });
});

describe('Gate "unused"', () => {
  it('refuses an unused file, export, type and package, and an undeclared package', async () => {
    const folder = await plant(
      {
        'src/core/nobody.ts': 'export const nobody = 1;\n',
        'src/shared/protocol/greeting.ts':
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
