import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createPackage, extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import { DesktopApp, hasChromium } from '../support/electron-stand-in/launch.ts';

const run = promisify(execFile);
const BUILDER = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
/** Marks the position of Electron's fuses in its program: version 1, eight fuses. */
const FUSES = ['dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', '\u0001\u0008', '10110001'].join('');

/** State of a fuse in the program, a digit. */
const [OFF, ON] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];

/** A folder like Electron's distribution for Linux, without a real program. */
async function makeDistribution(folder: string): Promise<string> {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  mkdirSync(join(folder, 'default'));
  writeFileSync(join(folder, 'default', 'package.json'), '{"name":"default","main":"index.js"}');
  await createPackage(join(folder, 'default'), join(folder, 'resources', 'default_app.asar'));
  rmSync(join(folder, 'default'), { recursive: true });
  writeFileSync(join(folder, 'electron'), `#!/bin/sh\nexit 1\n${FUSES}`, { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'chrome_crashpad_handler']) {
    writeFileSync(join(folder, name), '');
  }
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '');
  writeFileSync(join(folder, 'version'), '45.4.1');
  return folder;
}

/**
 * Stand-ins for the tools that electron-builder otherwise downloads: each writes down its arguments and makes its output.
 * @returns the environment that names them
 */
function makeTools(folder: string): Record<string, string> {
  const appImage = join(folder, 'appimage');
  const mksquashfs = join(appImage, `linux-${process.arch}`, 'mksquashfs');
  const tools = {
    // The output is the argument after --package.
    [join(folder, 'fpm')]: 'while [ "$1" != --package ]; do shift; done; output="$2"',
    // Of 7za the last argument but one, of mksquashfs the second.
    [join(folder, '7za')]: 'while [ $# -gt 2 ]; do shift; done; output="$1"',
    [mksquashfs]: 'output="$2"',
  };
  mkdirSync(dirname(mksquashfs), { recursive: true });
  mkdirSync(join(appImage, 'lib', 'x64'), { recursive: true });
  writeFileSync(join(appImage, `runtime-${process.arch}`), 'runtime');
  writeFileSync(join(dirname(mksquashfs), 'desktop-file-validate'), '#!/bin/sh\n', { mode: 0o755 });
  for (const [file, findOutput] of Object.entries(tools)) {
    const script = `#!/bin/sh\nprintf '%s\\n' "$@" > "${file}.arguments"\n${findOutput}\necho made > "$output"\n`;
    writeFileSync(file, script, { mode: 0o755 });
  }
  return {
    CUSTOM_FPM_PATH: join(folder, 'fpm'),
    ELECTRON_BUILDER_7ZIP_PATH: join(folder, '7za'),
    APPIMAGE_TOOLS_PATH: appImage,
    // Should a tool be missing all the same, nothing answers here.
    ELECTRON_BUILDER_BINARIES_MIRROR: 'http://127.0.0.1:9/',
  };
}

// The stand-in is for Linux; the configuration of the other systems is checked as well, before packing.
describe.runIf(process.platform === 'linux')('Packaged app (G9)', () => {
  let home: string;
  let app: string;
  let archive: string;
  let files: string[];
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'aside-package-'));
    const distribution = await makeDistribution(join(home, 'electron'));
    const settings = [`-c.electronDist=${distribution}`, `-c.directories.output=${join(home, 'out')}`];
    await run(process.execPath, [BUILDER, '--linux', 'dir', '--publish', 'never', ...settings], { cwd: ROOT });
    app = join(home, 'out', 'linux-unpacked');
    archive = join(app, 'resources', 'app.asar');
    files = listPackage(archive, { isPack: false });
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('is made for every target of this system, as an AppImage, a Debian package and an archive', async () => {
    const tools = join(home, 'tools');
    mkdirSync(tools);
    const settings = [`-c.electronDist=${join(home, 'electron')}`, `-c.directories.output=${join(home, 'targets')}`];
    await run(process.execPath, [BUILDER, '--linux', '--publish', 'never', ...settings], {
      cwd: ROOT,
      env: { ...process.env, ...makeTools(tools) },
    });
    const made = readdirSync(join(home, 'targets')).filter((name) => statSync(join(home, 'targets', name)).isFile());
    for (const ending of ['.AppImage', '.deb', '.tar.gz']) {
      expect(
        made.filter((name) => name.endsWith(ending)),
        ending,
      ).toHaveLength(1);
    }
    const described = readFileSync(join(tools, 'fpm.arguments'), 'utf8');
    expect(described).toContain('--maintainer\nAside maintainers <maintainers@aside.example>\n');
    expect(described).toContain('--url\nhttps://aside.example\n');
    expect(described).toContain('/usr/share/applications/aside.desktop\n');
  });

  it('contains the built programs and their dependencies only', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '/out/main/index.js',
        '/out/preload/index.cjs',
        '/out/renderer/index.html',
        '/resources/icon.png',
        '/resources/tray.png',
        '/resources/unread.png',
        '/package.json',
      ]),
    );
    const own = files.filter((file) => !file.startsWith('/node_modules'));
    expect(own.filter((file) => /^\/(?:src|server|tests|scripts|docs|bench)\b|\.tsx?$|\.map$/.test(file))).toEqual([]);
    expect(own.filter((file) => /^\/out\/(?:browser|terminal)/.test(file))).toEqual([]);
    const packages = new Set(files.flatMap((file) => /^\/node_modules\/(@[^/]+\/[^/]+|[^@/]+)/.exec(file)?.[1] ?? []));
    // The bundles contain every other package that the app needs.
    const native = /^(?:libsql|@libsql\/.+|@neon-rs\/load|detect-libc|@node-rs\/argon2(?:-.+)?)$/;
    expect([...packages].filter((name) => !native.test(name))).toEqual([]);
    for (const name of ['libsql', '@node-rs/argon2']) expect(packages.has(name), name).toBe(true);
    expect(statSync(archive).size).toBeLessThan(4 * 1024 * 1024);
  });

  it('has native code outside the archive, where it can be loaded', () => {
    const natives = files.filter((file) => file.endsWith('.node'));
    expect(natives.length).toBeGreaterThan(0);
    for (const file of natives) expect(existsSync(join(`${archive}.unpacked`, file)), file).toBe(true);
  });

  it('contains Electron with its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(app, 'aside'));
    const expected = {
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: OFF,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    };
    expect(wire).toMatchObject(expected);
  });

  it('names its main program, and the Electron version of the tests', () => {
    extractAll(archive, join(home, 'manifest'));
    const manifest = JSON.parse(readFileSync(join(home, 'manifest', 'package.json'), 'utf8')) as { main: string };
    expect(manifest.main).toBe('out/main/index.js');
    const { version } = createRequire(import.meta.url)('electron/package.json') as { version: string };
    expect(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')).toContain(`electronVersion: ${version}\n`);
  });

  it.skipIf(!hasChromium)(
    hasChromium ? 'starts from what was packaged alone' : 'starts from what was packaged alone (skipped: no Chromium)',
    async () => {
      const folder = join(home, 'extracted');
      extractAll(archive, folder);
      const desktop = await DesktopApp.launch(join(folder, 'out', 'main', 'index.js'), {
        dataFolder: join(home, 'data'),
        uiFolder: join(folder, 'out', 'renderer'),
        env: { STAND_IN_SECRETS: 'basic_text' },
      });
      onTestFinished(() => desktop.kill());
      await desktop.ask('waitFor', 'role=button[name="Connect"]');
      expect(await desktop.evaluate('__violations')).toEqual([]);
      // With argon2's native part as it was packaged.
      const frame = { id: 99_999, host: 'host.setPassphrase', params: { passphrase: 'correct horse' } };
      await desktop.evaluate(`asideBridge.send(${JSON.stringify(frame)})`);
      await expect.poll(() => existsSync(join(home, 'data', 'vault.json'))).toBe(true);
    },
  );

  it('is not built with an unknown setting, so its configuration is checked', async () => {
    const asked = run(process.execPath, [BUILDER, '--linux', 'dir', '-c.asarr=true'], { cwd: ROOT });
    const said = await asked.then(
      () => 'packed',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
    expect(said).toContain("unknown property 'asarr'");
  });
});
