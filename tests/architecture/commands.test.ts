import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { needsBuild, needsInstall, nodeProblem, ROOT, setHooks } from '../../scripts/setup.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aside-commands-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** Makes a file with its time; folders on the way get an old one. */
async function put(path: string, seconds: number): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), '');
  await utimes(join(folder, path), seconds, seconds);
  for (let up = dirname(path); up !== '.'; up = dirname(up)) await utimes(join(folder, up), 1, 1);
}

describe('Version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('may be %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.8', '19.9.0', '8.0.0'])('may not be %s, and the message names the remedy', (version) => {
    expect(nodeProblem(version)).toBe(
      `Aside needs Node 20.19 or newer, and this is Node ${version}. Install a newer one from https://nodejs.org.`,
    );
  });
});

describe('Installation', () => {
  it('is needed if node_modules is missing or older than the lock file', async () => {
    await put('package-lock.json', 100);
    expect(needsInstall(folder)).toBe(true);
    await put('node_modules/.package-lock.json', 99);
    expect(needsInstall(folder)).toBe(true);
    await put('node_modules/.package-lock.json', 101);
    expect(needsInstall(folder)).toBe(false);
  });
});

describe('Build', () => {
  const built = [
    'server/dist/index.js',
    'server/dist/store-worker.js',
    'out/terminal/index.js',
    'out/browser/index.js',
    'out/main/index.js',
    'out/preload/index.cjs',
    'out/renderer/index.html',
  ];

  beforeEach(async () => {
    for (const file of ['src/core/messages/outbox.ts', 'server/src/index.ts', 'package.json']) await put(file, 100);
  });

  it('is needed until every program exists', async () => {
    for (const file of built) {
      expect(needsBuild(folder), file).toBe(true);
      await put(file, 101);
    }
    expect(needsBuild(folder)).toBe(false);
  });

  it.each(['src/core/messages/outbox.ts', 'server/src/index.ts', 'server/src/domain/new.ts', 'package.json'])(
    'is needed after a change in %s',
    async (file) => {
      for (const output of built) await put(output, 101);
      await put(file, 102);
      expect(needsBuild(folder)).toBe(true);
    },
  );

  it('is needed after a source file was removed', async () => {
    for (const output of built) await put(output, 101);
    await rm(join(folder, 'src/core/messages/outbox.ts'));
    expect(needsBuild(folder)).toBe(true);
  });
});

describe('npm run check', () => {
  it('lists the gates if an argument is not one of them', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/check.mjs', 'typos'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toBe('There is no gate called typos. There are: types, lint, format, unused, arrows, language.\n');
  });
});

describe('CI', () => {
  const judge = async (statuses: string[]): Promise<{ status: number | null; stderr: string }> => {
    const assertionResults = statuses.map((status) => ({ status, fullName: `a test that ${status}` }));
    const file = join(folder, 'report.json');
    await writeFile(file, JSON.stringify({ testResults: [{ name: join(ROOT, 'tests/a.test.ts'), assertionResults }] }));
    return spawnSync(process.execPath, ['scripts/check-skips.mjs', file], { cwd: ROOT, encoding: 'utf8' });
  };

  it('fails if a test was skipped', async () => {
    const { status, stderr } = await judge(['passed', 'pending']);
    expect(status).toBe(1);
    expect(stderr).toBe('Skipped, though nothing may be skipped here: tests/a.test.ts: a test that pending\n');
    expect((await judge(['todo'])).status).toBe(1);
    expect((await judge(['skipped'])).status).toBe(1);
  });

  it('passes if no test was skipped', async () => {
    expect((await judge(['passed'])).status).toBe(0);
  });
});

describe('Hooks of Git', () => {
  const git = (...args: string[]): string => spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout.trim();
  const hooksPath = (): string => git('config', '--get', 'core.hooksPath');
  const checkMessage = async (message: string): Promise<{ status: number | null; stderr: string }> => {
    const file = join(folder, 'message');
    await writeFile(file, message);
    return spawnSync(process.execPath, ['scripts/check-commit.mjs', 'message', file], { cwd: ROOT, encoding: 'utf8' });
  };
  beforeEach(() => {
    vi.stubEnv('CI', '');
    onTestFinished(() => void vi.unstubAllEnvs());
  });

  it('are switched on in a clone, unless the clone has its own', () => {
    git('init', '--quiet');
    setHooks(folder);
    expect(hooksPath()).toBe('.githooks');
    git('config', 'core.hooksPath', 'own');
    setHooks(folder);
    expect(hooksPath()).toBe('own');
  });

  it('stay off in CI, and a folder without a repository is left alone', () => {
    setHooks(folder);
    git('init', '--quiet');
    vi.stubEnv('CI', 'true');
    setHooks(folder);
    expect(hooksPath()).toBe('');
  });

  it('refuse a subject of more than 72 characters or with a full stop', async () => {
    expect((await checkMessage(`Add ${'x'.repeat(68)}\n\n${'Body. '.repeat(30)}`)).status).toBe(0);
    expect((await checkMessage(`Add ${'x'.repeat(69)}`)).stderr).toMatch('has 73 characters, at most 72');
    expect((await checkMessage('Add a gate.')).status).toBe(1);
  });

  it('refuse a staged file with another layout', async () => {
    git('init', '--quiet');
    for (const file of ['biome.json', '.oxlintrc.json'])
      await writeFile(join(folder, file), await readFile(join(ROOT, file), 'utf8'));
    const staged = async (content: string): Promise<number | null> => {
      await writeFile(join(folder, 'a.mjs'), content);
      git('add', 'a.mjs');
      return spawnSync(process.execPath, [join(ROOT, 'scripts/check-commit.mjs'), 'staged'], { cwd: folder }).status;
    };
    expect(await staged("export const a = 'x';\n")).toBe(0);
    expect(await staged('export const a = "x"\n')).toBe(1);
    expect(await staged('export const a = 1;\nexport const b = a == 2;\n')).toBe(1);
  });
});
