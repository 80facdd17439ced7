import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { plainFile } from '../../../src/node/encrypted-file.ts';
import { AddressRulesFile } from '../../../src/node/peer/address-rules-file.ts';
import { ProfileError } from '../../../src/node/profile-error.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-address-'));
  file = join(folder, 'address-rules.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('Address rules reveal the address by default (F2)', () => {
  expect(new AddressRulesFile(plainFile(file)).read()).toEqual({ reveal: true, people: {} });
});

it('Address rules are stored in a file that only its owner can read', () => {
  const rule = { reveal: false, people: { hans: true } };
  new AddressRulesFile(plainFile(file)).write(rule);
  expect(new AddressRulesFile(plainFile(file)).read()).toEqual(rule);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(['', '{', '{"reveal":"no","people":{}}', '{"reveal":true}'])(
  'Address rules refuse a damaged file: %j',
  (text) => {
    writeFileSync(file, text);
    expect(() => new AddressRulesFile(plainFile(file)).read()).toThrow(ProfileError);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);
