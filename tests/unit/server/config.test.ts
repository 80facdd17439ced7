import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentName, OPTION_NAMES } from '../../../server/src/config-options.ts';
import type { ServerConfig } from '../../../server/src/config.ts';
import { defaultServerFolder, parseConfig, type ReadFile } from '../../../server/src/parse-config.ts';
import { SERVER_VERSION } from '../../../server/src/version.ts';

const NUMBERS = ['12000', '120', '60'];

function failing(code: string): ReadFile {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

function files(contents: Record<string, string>): ReadFile {
  return (path) => contents[path] ?? failing('ENOENT')(path);
}

function config(argv: string[], env: Record<string, string> = {}, readFile = files({})): ServerConfig {
  const parsed = parseConfig(argv, env, readFile);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  return parsed.config;
}

function usage(argv: string[], env: Record<string, string> = {}, readFile = files({})): string {
  const parsed = parseConfig(argv, env, readFile);
  if (parsed.kind !== 'usage') throw new Error(JSON.stringify(parsed));
  expect(parsed.message).toMatch(
    /^usage: node server\/dist\/index\.js <port> <block_duration> <timeout> \[options\]  \(.*; see --help\)$/,
  );
  return parsed.message.slice(parsed.message.indexOf('  (') + 3, -'; see --help)'.length);
}

describe('Numeric arguments (A1)', () => {
  test('are port, lockout and idle time; every option has a default', () => {
    expect(config(NUMBERS)).toEqual({
      port: 12_000,
      blockSeconds: 120,
      timeoutSeconds: 60,
      host: undefined,
      dataFolder: defaultServerFolder(),
      tls: undefined,
      plaintext: false,
      registration: 'open',
      logLevel: 'info',
      logFormat: 'pretty',
      metricsPort: undefined,
      importCredentials: undefined,
      messageRate: 100,
    });
  });

  test.each([
    ['0', '0', '0'],
    ['1', '0', '0'],
    ['65535', '315360000', '315360000'],
  ])('may be %s %s %s', (port, block, timeout) => {
    const { port: p, blockSeconds, timeoutSeconds } = config([port, block, timeout]);
    expect([p, blockSeconds, timeoutSeconds].map(String)).toEqual([port, block, timeout]);
  });

  test.each([
    [[], 'port is missing'],
    [['12000'], 'block_duration is missing'],
    [['12000', '120'], 'timeout is missing'],
    [['65536', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['http', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['12000.0', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [[' 12000', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['+12000', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['1e4', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['0x50', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['１２０００', '120', '60'], 'port must be a whole number from 1 to 65535'],
    [['12000', '2m', '60'], 'block_duration must be a whole number from 0 to 315360000'],
    [['12000', '120', '99999999999999999999'], 'timeout must be a whole number from 0 to 315360000'],
    [['12000', '120', '-1'], 'a number cannot be negative'],
    [['12000', '120', '60', '7'], 'three numbers are expected, not 4 arguments'],
  ])('may not be %j', (argv, problem) => {
    expect(usage(argv)).toBe(problem);
  });
});

describe('Options (A3)', () => {
  test('may stand before, between or after the numbers, with = or without', () => {
    const parsed = config(['--host=127.0.0.2', '12000', '--registration', 'invite', '120', '60', '--plaintext']);
    expect(parsed).toMatchObject({ host: '127.0.0.2', registration: 'invite', plaintext: true, port: 12_000 });
  });

  const TABLE: [
    flag: string,
    json: unknown,
    member: keyof ServerConfig,
    low: unknown,
    values: [string, string, string],
  ][] = [
    ['host', 'c', 'host', undefined, ['a', 'b', 'c']],
    ['data', '/c', 'dataFolder', defaultServerFolder(), ['/a', '/b', '/c']],
    ['registration', 'closed', 'registration', 'open', ['invite', 'open', 'closed']],
    ['log-level', 'debug', 'logLevel', 'info', ['error', 'warn', 'debug']],
    ['log-format', 'json', 'logFormat', 'pretty', ['pretty', 'json', 'json']],
    ['metrics-port', 9, 'metricsPort', undefined, ['7', '8', '9']],
    ['import-credentials', '/c', 'importCredentials', undefined, ['/a', '/b', '/c']],
    ['message-rate', 9, 'messageRate', 100, ['0', '8', '9']],
  ];
  test.each(TABLE)(
    'come from the flag, then the environment, then the file: %s',
    (flag, json, member, low, [fromFlag, fromEnv, fromFile]) => {
      const readFile = files({ '/etc/aside.json': JSON.stringify({ [flag]: json }) });
      const env = { ASIDE_CONFIG: '/etc/aside.json' };
      const variable = `ASIDE_${flag.toUpperCase().replace('-', '_')}`;
      const got = (value: unknown): string => String(value);
      expect(config(NUMBERS)[member]).toBe(low);
      expect(got(config(NUMBERS, env, readFile)[member])).toBe(fromFile);
      expect(got(config(NUMBERS, { ...env, [variable]: fromEnv }, readFile)[member])).toBe(fromEnv);
      const argv = [...NUMBERS, `--${flag}`, fromFlag];
      expect(got(config(argv, { ...env, [variable]: fromEnv }, readFile)[member])).toBe(fromFlag);
      expect(got(config(NUMBERS, { ...env, [variable]: '' }, readFile)[member])).toBe(fromFile);
    },
  );

  test('for plaintext and own certificates come from all three places too', () => {
    const readFile = files({
      '/x/c.json': '{"plaintext": true}',
      '/x/t.json': '{"tls-key": "k.pem", "tls-cert": "/c.pem"}',
    });
    expect(config(NUMBERS, { ASIDE_CONFIG: '/x/c.json' }, readFile)).toMatchObject({
      plaintext: true,
      host: '127.0.0.1',
    });
    expect(config(NUMBERS, { ASIDE_CONFIG: '/x/c.json', ASIDE_PLAINTEXT: '0' }, readFile).plaintext).toBe(false);
    expect(config(NUMBERS, { ASIDE_PLAINTEXT: '1' }).plaintext).toBe(true);
    const own = { keyFile: '/x/k.pem', certificateFile: '/c.pem' };
    expect(config([...NUMBERS, '--config', '/x/t.json'], {}, readFile).tls).toEqual(own);
    expect(config(NUMBERS, { ASIDE_TLS_KEY: 'k', ASIDE_TLS_CERT: 'c' }).tls).toEqual({
      keyFile: 'k',
      certificateFile: 'c',
    });
  });

  test.each([
    [['--plaintext', '--host', '0.0.0.0'], '--plaintext is allowed on loopback addresses only, such as 127.0.0.1'],
    [['--plaintext', '--host', 'example.org'], '--plaintext is allowed on loopback addresses only, such as 127.0.0.1'],
    [['--plaintext', '--tls-key', 'k', '--tls-cert', 'c'], '--plaintext cannot be used with --tls-key and --tls-cert'],
    [['--tls-key', 'k'], '--tls-key and --tls-cert must be given together'],
    [['--tls-cert', 'c'], '--tls-key and --tls-cert must be given together'],
    [['--registration', 'maybe'], '--registration must be open, invite or closed'],
    [['--log-level', 'loud'], '--log-level must be error, warn, info or debug'],
    [['--log-format', 'xml'], '--log-format must be pretty or json'],
    [['--metrics-port', '0'], '--metrics-port must be a whole number from 1 to 65535'],
    [['--message-rate', 'fast'], '--message-rate must be a whole number from 0 to 1000000'],
    [['--store', 'postgres://x'], '--store must be "sqlite:": other stores are not supported by this version'],
    [['--bus', 'nats://x'], '--bus must be "local:": other buses are not supported by this version'],
    [['--data='], '--data must not be empty'],
    [['--data'], "option '--data <value>' argument missing"],
    [['--nonsense'], "unknown option '--nonsense'"],
    [['-x'], "unknown option '-x'"],
    [['--plaintext=yes'], "option '--plaintext' does not take an argument"],
  ])('are refused for %j: %s', (argv, problem) => {
    expect(usage([...NUMBERS, ...argv])).toBe(problem);
  });

  test('of the environment are named in errors about them', () => {
    expect(usage(NUMBERS, { ASIDE_PLAINTEXT: 'yes' })).toBe('ASIDE_PLAINTEXT must be true or false');
    expect(usage(NUMBERS, { ASIDE_METRICS_PORT: 'x' })).toBe(
      'ASIDE_METRICS_PORT must be a whole number from 1 to 65535',
    );
  });

  test('are limited to sqlite and local in this version', () => {
    expect(config([...NUMBERS, '--store', 'sqlite:', '--bus', 'local:']).port).toBe(12_000);
  });
});

describe('Configuration file', () => {
  test('is config.json of the data folder, if that exists', () => {
    const readFile = files({ '/data/config.json': '{"log-level": "warn", "import-credentials": "old.txt"}' });
    expect(config([...NUMBERS, '--data', '/data'], {}, readFile)).toMatchObject({
      logLevel: 'warn',
      importCredentials: '/data/old.txt',
    });
    expect(config(NUMBERS, { ASIDE_DATA: '/data' }, readFile).logLevel).toBe('warn');
    const standard = files({ [resolve(defaultServerFolder(), 'config.json')]: '{"log-level": "error"}' });
    expect(config(NUMBERS, {}, standard).logLevel).toBe('error');
    expect(config(NUMBERS, {}, failing('EACCES')).logLevel).toBe('info');
  });

  test('is the requested one instead, which must exist', () => {
    const readFile = files({
      '/data/config.json': '{"log-level": "warn"}',
      '/c.json': '{"host": "::1", "data": "here"}',
    });
    const parsed = config([...NUMBERS, '--config', '/c.json', '--data', '/data'], {}, readFile);
    expect(parsed).toMatchObject({ logLevel: 'info', host: '::1', dataFolder: '/data' });
    expect(config([...NUMBERS, '--config', '/c.json'], {}, readFile).dataFolder).toBe('/here');
    expect(usage([...NUMBERS, '--config', '/none.json'])).toBe(
      'the configuration file /none.json cannot be read: ENOENT',
    );
    expect(usage(NUMBERS, { ASIDE_CONFIG: '/x' }, failing('EISDIR'))).toBe(
      'the configuration file /x cannot be read: EISDIR',
    );
  });

  test.each([
    ['{', 'the configuration file /c.json is not valid JSON'],
    ['[]', 'the configuration file /c.json must be a JSON object with the names of options'],
    ['null', 'the configuration file /c.json must be a JSON object with the names of options'],
    ['{"logLevel": "info"}', 'unknown option "logLevel" in /c.json'],
    ['{"toString": "info"}', 'unknown option "toString" in /c.json'],
    ['{"a\\u001b[2J": 1}', 'unknown option "a?[2J" in /c.json'],
    ['{"metrics-port": "9100"}', '"metrics-port" in /c.json must be a number'],
    ['{"metrics-port": 9.5}', '"metrics-port" in /c.json must be a whole number from 1 to 65535'],
    ['{"plaintext": "true"}', '"plaintext" in /c.json must be a boolean'],
    ['{"host": null}', '"host" in /c.json must be a string'],
    ['{"registration": "some"}', '"registration" in /c.json must be open, invite or closed'],
  ])('is refused with %s', (content, problem) => {
    expect(usage([...NUMBERS, '--config', '/c.json'], {}, files({ '/c.json': content }))).toBe(problem);
  });

  test('cannot change the data folder that contains it', () => {
    const readFile = files({ '/data/config.json': '{"data": "/other"}' });
    expect(usage([...NUMBERS, '--data', '/data'], {}, readFile)).toBe(
      '"data" cannot be set in /data/config.json, because the file is found through this option',
    );
  });
});

describe('Help and version', () => {
  test('need no numbers', () => {
    const parsed = parseConfig(['--help'], {}, files({}));
    if (parsed.kind !== 'print') throw new Error(parsed.kind);
    for (const name of [...OPTION_NAMES, 'config', 'help', 'version']) expect(parsed.text).toContain(`  --${name}`);
    for (const standard of [
      '[open]',
      '[info]',
      '[pretty]',
      '[100]',
      '[sqlite:]',
      '[local:]',
      `[${defaultServerFolder()}]`,
    ]) {
      expect(parsed.text).toContain(standard);
    }
    expect(Math.max(...parsed.text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('name the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(SERVER_VERSION).toBe(version);
    expect(parseConfig(['--version'], {}, files({}))).toEqual({ kind: 'print', text: `aside-server ${version}\n` });
  });

  test('list each option with its name in the environment', () => {
    expect(OPTION_NAMES.map(environmentName)).toContain('ASIDE_IMPORT_CREDENTIALS');
    expect(new Set(OPTION_NAMES.map(environmentName)).size).toBe(OPTION_NAMES.length);
  });
});
