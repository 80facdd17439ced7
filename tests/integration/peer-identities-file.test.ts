import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { plainFile } from '../../src/node/encrypted-file.ts';
import { IdentitiesFile } from '../../src/node/peer/identities-file.ts';
import { makeIdentity } from '../support/peer-introducer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aside-identities-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('IdentitiesFile keeps identities over a restart, readable for the owner only (F8)', async () => {
  const file = join(folder, 'identities.json');
  const { identityKey } = makeIdentity();
  const record = { identityKey, verified: true, since: 1_800_000_000_000 };
  const store = new IdentitiesFile(plainFile(file));
  expect(store.get('kevin')).toBeUndefined();
  store.put('kevin', record);
  store.put('__proto__', { ...record, verified: false });
  const again = new IdentitiesFile(plainFile(file));
  expect(again.get('kevin')).toEqual(record);
  expect(again.get('constructor')).toBeUndefined();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(identityKey);
});

it('IdentitiesFile refuses a damaged file and names the remedy', async () => {
  const file = join(folder, 'identities.json');
  for (const text of ['{', '[]', '{"kevin":{"identityKey":"x","verified":true,"since":1}}']) {
    await writeFile(file, text);
    expect(() => new IdentitiesFile(plainFile(file))).toThrow(/is damaged.*compare the safety numbers/);
  }
});

it('IdentitiesFile keeps its identities when the disk fails', async () => {
  const broken = new IdentitiesFile(plainFile(join(folder, 'sub', 'identities.json')));
  // A file in place of the folder makes every write fail.
  await writeFile(join(folder, 'sub'), '');
  const record = { identityKey: makeIdentity().identityKey, verified: false, since: 1 };
  expect(() => broken.put('kevin', record)).toThrow();
  expect(broken.get('kevin')).toBeUndefined();
});
