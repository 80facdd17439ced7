import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_PARAMS,
  type ClientMethod,
  errorData,
  RESULTS,
  SERVER_PARAMS,
} from '../../../src/shared/protocol/messages.ts';

const identityKey = (curve = 'P-256'): string =>
  generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const ID = '018f4e2a-7b1c-7d3e-8f90-a1b2c3d4e5f6';
const device = { id: ID, name: 'laptop', identityKey: identityKey() };

type Method = Exclude<ClientMethod, `private.${string}`>;

/** Valid parameters for every method with clauses in docs/protocol.md. */
const FITTING: { readonly [M in Method]: Record<string, unknown> } = {
  'account.register': { username: 'kevin', password: 'correct horse', device, invite: 'code' },
  'session.signIn': { username: 'kevin', password: 'x', device, takeOver: true },
  'session.resume': { token: 'abc', device },
  'session.signOut': {},
  'session.ping': {},
  'session.activity': {},
  'account.changePassword': { password: 'old', newPassword: 'new' },
  'account.delete': { password: 'old' },
  'people.search': { prefix: 'ke', limit: 10 },
  'presence.online': { after: 'kevin' },
  'presence.history': { seconds: 60, after: 'kevin' },
  'message.send': { id: ID, to: 'kevin', text: 'hello' },
  'message.confirm': { through: 3 },
  'message.broadcast': { id: ID, text: 'hello' },
  'typing.set': { to: 'kevin', typing: true },
  'blacklist.add': { username: 'kevin' },
  'blacklist.remove': { username: 'kevin' },
  'blacklist.list': { after: 'kevin' },
};
const OPTIONAL = new Set(['invite', 'takeOver', 'limit', 'after']);
const METHODS = Object.keys(FITTING) as Method[];

const fits = (method: Method, params: unknown): boolean => CLIENT_PARAMS[method].safeParse(params).success;
/** Through JSON, because only that makes an own member `__proto__`. */
const withMember = (params: object, member: string, value: string): unknown => {
  const text = JSON.stringify(params);
  return JSON.parse(`{"${member}":${value}${text === '{}' ? '' : ','}${text.slice(1)}`);
};

it('Every method except the private ones has sample parameters in this test', () => {
  expect(METHODS.toSorted()).toEqual(
    Object.keys(CLIENT_PARAMS)
      .filter((method) => !method.startsWith('private.'))
      .toSorted(),
  );
});

describe.each(METHODS)('%s', (method) => {
  const fitting = FITTING[method];

  it('accepts valid parameters with and without optional members', () => {
    expect(fits(method, fitting)).toBe(true);
    const required = Object.fromEntries(Object.entries(fitting).filter(([member]) => !OPTIONAL.has(member)));
    expect(fits(method, required)).toBe(true);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'extra', ''])(
    '[ASIDE-3.4-6] refuses the member %j',
    (member) => {
      expect(fits(method, withMember(fitting, member, '1'))).toBe(false);
      expect(fits(method, withMember(fitting, member, '{}'))).toBe(false);
      expect(({} as Record<string, unknown>).extra).toBeUndefined();
    },
  );

  it('[ASIDE-3.4-7] refuses a missing member and members of another type', () => {
    for (const [member, value] of Object.entries(fitting)) {
      const { [member]: _left, ...rest } = fitting;
      expect(fits(method, rest), `without ${member}`).toBe(OPTIONAL.has(member));
      const others = [null, true, 7, 'text', [], {}, [value]].filter((other) => typeof other !== typeof value);
      if (typeof value === 'object') others.push(null, [], {});
      for (const other of others) {
        expect(fits(method, { ...fitting, [member]: other }), `${member}: ${JSON.stringify(other)}`).toBe(false);
      }
    }
    for (const other of [null, [], 'text', 7]) expect(fits(method, other)).toBe(false);
  });

  it('[ASIDE-3.4-8] refuses numbers that are not safe integers', () => {
    for (const [member, value] of Object.entries(fitting)) {
      if (typeof value !== 'number') continue;
      for (const number of ['-1', '0.5', '9007199254740992', '1e400', '"1"']) {
        const params = JSON.parse(JSON.stringify({ ...fitting, [member]: 'HERE' }).replace('"HERE"', number));
        expect(fits(method, params), `${member}: ${number}`).toBe(false);
      }
    }
  });

  it('[ASIDE-3.4-9] refuses lone surrogates in every text', () => {
    for (const [member, value] of Object.entries(fitting)) {
      if (typeof value !== 'string') continue;
      for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', `${value}\ud83d`]) {
        expect(fits(method, { ...fitting, [member]: text }), member).toBe(false);
      }
    }
  });
});

describe('Schemas of client lines', () => {
  const long = (length: number): string => '😀'.repeat(length);

  it('[ASIDE-3.6-3] limit a username to 1,024 characters only', () => {
    for (const name of ['', ' ', 'a b', '\u0000', long(1_024), 'x'.repeat(1_024)]) {
      expect(fits('blacklist.add', { username: name })).toBe(true);
    }
    expect(fits('blacklist.add', { username: long(1_025) })).toBe(false);
    expect(fits('message.send', { ...FITTING['message.send'], to: 'x'.repeat(1_025) })).toBe(false);
  });

  it('[ASIDE-7.1-5] refuse an empty text, but leave long texts to the domain', () => {
    expect(fits('message.send', { ...FITTING['message.send'], text: '' })).toBe(false);
    expect(fits('message.broadcast', { ...FITTING['message.broadcast'], text: '' })).toBe(false);
    expect(fits('message.send', { ...FITTING['message.send'], text: 'x'.repeat(60_000) })).toBe(true);
  });

  it('[ASIDE-6.4-1] accept 1 to 100 users of a search', () => {
    for (const limit of [1, 100]) expect(fits('people.search', { prefix: '', limit })).toBe(true);
    for (const limit of [0, 101]) expect(fits('people.search', { prefix: '', limit })).toBe(false);
  });

  it('[ASIDE-3.6-1] accept a UUID of any version as message id', () => {
    const send = FITTING['message.send'];
    for (const id of [ID, ID.toUpperCase(), '6ba7b810-9dad-11d1-80b4-00c04fd430c8']) {
      expect(fits('message.send', { ...send, id })).toBe(true);
    }
    for (const id of ['', ID.slice(1), `${ID}0`, ID.replaceAll('-', ''), `{${ID}}`, ID.replace('0', 'g')]) {
      expect(fits('message.send', { ...send, id })).toBe(false);
    }
  });

  it('[ASIDE-3.6-2] accept a device with an id, a name of 1 to 64 characters and a P-256 key', () => {
    const accepts = (other: object): boolean => fits('session.resume', { token: 'x', device: { ...device, ...other } });
    for (let i = 0; i < 20; i++) expect(accepts({ identityKey: identityKey() })).toBe(true);
    expect(accepts({ name: long(64) })).toBe(true);
    const key = device.identityKey;
    for (const other of [
      { id: 'laptop' },
      { name: '' },
      { name: long(65) },
      { name: '\ud800' },
      { identityKey: '' },
      { identityKey: key.slice(0, -2) },
      { identityKey: `${key}AA==` },
      { identityKey: key.replaceAll('=', 'A') },
      { identityKey: `${key.slice(0, 60)}-${key.slice(61)}` },
      { identityKey: ` ${key.slice(0, -1)}` },
      { identityKey: `A${key.slice(1)}` },
      { identityKey: identityKey('P-384') },
      { identityKey: identityKey('secp256k1') },
      { extra: 1 },
      JSON.parse('{"__proto__":{}}') as object,
    ]) {
      const own = Object.defineProperties({ ...device }, Object.getOwnPropertyDescriptors(other));
      expect(fits('session.resume', { token: 'x', device: own }), JSON.stringify(other)).toBe(false);
    }
  });
});

describe('Schemas of server lines', () => {
  it('[ASIDE-3.2-7] accept unknown members', () => {
    expect(RESULTS['message.send'].safeParse({ status: 'stored', at: 1, future: true }).success).toBe(true);
    expect(SERVER_PARAMS['session.ended'].safeParse({ reason: 'locked', future: {} }).success).toBe(true);
    expect(errorData.safeParse({ reason: 'future-reason', future: [] }).success).toBe(true);
  });

  it('refuse wrong types', () => {
    expect(RESULTS['message.send'].safeParse({ status: 'lost', at: 1 }).success).toBe(false);
    expect(
      SERVER_PARAMS['message.new'].safeParse({ n: 1, id: ID, from: 'a', text: '\ud800', at: 1, stored: true }).success,
    ).toBe(false);
    expect(SERVER_PARAMS['session.ended'].safeParse({ reason: 'mood' }).success).toBe(false);
    expect(errorData.safeParse({ reason: 7 }).success).toBe(false);
  });
});
