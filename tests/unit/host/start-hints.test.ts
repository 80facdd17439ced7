import { describe, expect, it } from 'vitest';
import { chooseBrowser, howOthersJoin } from '../../../scripts/start-hints.mjs';
import { readAnnouncement } from '../../../scripts/start-app.mjs';

const INTERFACES = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  lan: [
    { address: '2001:db8::5', family: 'IPv6', internal: false },
    { address: 'fe80::5', family: 'IPv6', internal: false, scopeid: 2 },
    { address: '192.168.1.5', family: 'IPv4', internal: false },
  ],
  unplugged: [{ address: '169.254.3.4', family: 'IPv4', internal: false }],
};

describe('Addresses that npm start prints for other computers', () => {
  it.each([
    ['::', 'Others on this network join at 192.168.1.5:12000 or [2001:db8::5]:12000'],
    ['0.0.0.0', 'Others on this network join at 192.168.1.5:12000'],
    ['192.168.1.5', 'Others on this network join at 192.168.1.5:12000'],
    ['2001:db8::5', 'Others on this network join at [2001:db8::5]:12000'],
  ])('are those on which the server listens (%s)', (host, sentence) => {
    expect(howOthersJoin({ host, port: '12000', tls: true }, INTERFACES)).toBe(sentence);
  });

  it.each(['127.0.0.1', '::1'])('are none if the server listens on %s, and the option is named', (host) => {
    const sentence = howOthersJoin({ host, port: '12000', tls: true }, INTERFACES);
    expect(sentence).toMatch(/^Only this computer can reach the server\..* with --host 0\.0\.0\.0\.$/);
    expect(howOthersJoin({ host, port: '12000', tls: false }, INTERFACES)).toContain('without --plaintext');
  });

  it('are none without a network', () => {
    expect(howOthersJoin({ host: '::', port: '12000', tls: true }, { lo: INTERFACES.lo })).toContain('no address');
  });
});

describe('Announcement of a server', () => {
  const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
  const text = (address: string, last = '') =>
    `===== Waiting for connection request from clients...=====\naddress:      ${address}\ndata folder:  /x\n${last}`;

  it('is read once it is complete', () => {
    const begun = text('[::]:12000 (TLS 1.3, every address of this machine)');
    expect(readAnnouncement(begun)).toBeUndefined();
    expect(readAnnouncement(`${begun}fingerprint:  ${fingerprint}\n`)).toEqual({
      host: '::',
      port: '12000',
      tls: true,
      fingerprint,
    });
  });

  it('has no fingerprint without TLS', () => {
    const announced = readAnnouncement(text('127.0.0.1:12000 (no TLS)'));
    expect(announced).toEqual({ host: '127.0.0.1', port: '12000', tls: false, fingerprint: undefined });
  });
});

describe('Browser that npm start opens', () => {
  const desk = { platform: 'linux', terminal: true, env: { DISPLAY: ':0' } } as const;
  it.each([
    ['with a display', desk],
    ['with Wayland', { ...desk, env: { WAYLAND_DISPLAY: 'w' } }],
    ['on macOS', { ...desk, platform: 'darwin', env: {} }],
    ['on Windows', { ...desk, platform: 'win32', env: {} }],
  ] as const)('opens at a terminal %s', (_where, machine) => {
    expect(chooseBrowser({ ...machine, env: { ...machine.env } })).toEqual({ open: true });
  });

  it.each([
    ['ASIDE_NO_BROWSER', { ...desk, env: { DISPLAY: ':0', ASIDE_NO_BROWSER: '1' } }],
    ['CI', { ...desk, env: { DISPLAY: ':0', CI: 'true' } }],
    ['not a terminal', { ...desk, terminal: false }],
    ['no display', { ...desk, env: {} }],
  ] as const)('stays closed, with the reason: %s', (reason, machine) => {
    const { open, why } = chooseBrowser({ ...machine, env: { ...machine.env } });
    expect(open).toBe(false);
    expect(why).toContain(reason);
  });
});
