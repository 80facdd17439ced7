import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';
import { security } from '../support/peer-endpoints.ts';

const IP = 'ip';
const run = promisify(execFile);
const tag = `as${process.pid.toString(36)}`;
const space = (name: string): string => `${tag}-${name}`;
const ip = (...words: string[]): void => void execFileSync(IP, words, { stdio: 'pipe' });
const inside = (name: string, program: string, ...words: string[]): void =>
  void execFileSync(IP, ['netns', 'exec', space(name), program, ...words], { stdio: 'pipe' });

/** Whether this computer allows network namespaces and has the programs for them. */
function networksAllowed(): boolean {
  try {
    ip('netns', 'add', space('try'));
    inside('try', 'nft', 'list', 'tables');
    ip('netns', 'del', space('try'));
    return true;
  } catch {
    return false;
  }
}

/** Connects two network namespaces. */
function cable(
  one: string,
  oneEnd: string,
  oneAddress: string,
  other: string,
  otherEnd: string,
  otherAddress: string,
): void {
  ip('link', 'add', oneEnd, 'netns', space(one), 'type', 'veth', 'peer', 'name', otherEnd, 'netns', space(other));
  for (const [name, end, address] of [
    [one, oneEnd, oneAddress],
    [other, otherEnd, otherAddress],
  ] as const) {
    inside(name, 'ip', 'address', 'add', address, 'dev', end);
    inside(name, 'ip', 'link', 'set', end, 'up');
  }
}

/** A home router: drops every packet that no inner host has requested. */
function router(name: string, masquerade: string): void {
  inside(name, 'nft', 'flush', 'ruleset');
  inside(
    name,
    'nft',
    `table ip home {
      chain out { type nat hook postrouting priority 100; oifname "wan" ${masquerade}; }
      chain through { type filter hook forward priority 0; policy drop; ct state established,related accept; iifname "lan" accept; }
      chain self { type filter hook input priority 0; policy drop; ct state established,related accept; }
    }`,
  );
}

describe.skipIf(!networksAllowed())('Two computers behind two routers (if network namespaces are allowed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aside-nat-'));
  const program = join(folder, 'client.mjs');

  beforeAll(async () => {
    const bundle = await rolldown({
      input: new URL('../support/peer-nat-client.ts', import.meta.url).pathname,
      platform: 'node',
      external: [/^node:/],
    });
    await bundle.write({ file: program, format: 'esm' });
    await bundle.close();
    for (const name of ['one', 'other', 'router1', 'router2']) ip('netns', 'add', space(name));
    cable('one', 'lan', '192.168.10.2/24', 'router1', 'lan', '192.168.10.1/24');
    cable('other', 'lan', '192.168.20.2/24', 'router2', 'lan', '192.168.20.1/24');
    cable('router1', 'wan', '45.0.0.11/24', 'router2', 'wan', '45.0.0.12/24');
    inside('one', 'ip', 'route', 'add', 'default', 'via', '192.168.10.1');
    inside('other', 'ip', 'route', 'add', 'default', 'via', '192.168.20.1');
    for (const name of ['router1', 'router2']) inside(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  });

  afterAll(() => {
    for (const name of ['one', 'other', 'router1', 'router2']) {
      try {
        ip('netns', 'del', space(name));
      } catch {
        // The namespace does not exist.
      }
    }
    rmSync(folder, { recursive: true });
  });

  async function race(delay: number): Promise<string[]> {
    const [initiator, responder] = await Promise.all([sessionCertificates.make(), sessionCertificates.make()]);
    const side = async (name: string, orders: object): Promise<string> => {
      const words = ['netns', 'exec', space(name), process.execPath, program, JSON.stringify(orders)];
      return (await run(IP, words, { timeout: 40_000 })).stdout.trim();
    };
    const at = (address: string, port: number): object => ({ kind: 'observed', address, port });
    return Promise.all([
      side('one', {
        role: 'initiator',
        security: security('client', initiator, responder),
        candidates: [at('45.0.0.12', 40_002)],
        fromPort: 40_001,
        delay: 0,
      }),
      side('other', {
        role: 'responder',
        security: security('server', responder, initiator),
        candidates: [at('45.0.0.11', 40_001)],
        fromPort: 40_002,
        delay,
      }),
    ]);
  }

  it.each([0, 60, 400])('connect directly if the routers keep ports, %d ms apart (F4)', async (delay) => {
    for (const name of ['router1', 'router2']) router(name, 'masquerade');
    expect(await race(delay)).toEqual(['direct', 'direct']);
  });

  it('report no direct path in time for the tunnel if the routers change ports (F4)', async () => {
    for (const name of ['router1', 'router2']) router(name, 'meta l4proto tcp masquerade to :50000-60000 fully-random');
    const before = Date.now();
    const [initiator] = await race(0);
    expect(initiator).toBe('none');
    expect(Date.now() - before).toBeLessThan(20_000);
  });
});
