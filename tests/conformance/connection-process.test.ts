import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useServer } from './setup.ts';

const stage = useServer();

describe('Endless line', () => {
  it('[ASIDE-2.2-5] [ASIDE-3.4-10] delays no other client, and fills no memory', async () => {
    const bystander = await stage.person();
    const before = residentBytes();
    const client = await stage.person();
    const chunk = Buffer.alloc(1_000_000, 'x');
    let slowest = 0;
    for (let sent = 0; sent < 100 && !client.isClosed; sent++) {
      client.sendRaw(chunk);
      const start = performance.now();
      await bystander.caughtUp();
      slowest = Math.max(slowest, performance.now() - start);
    }
    await client.closed;
    expect(client.received('session.ended')).toEqual([{ reason: 'protocol' }]);
    expect(slowest).toBeLessThan(5_000);
    expect(residentBytes() - before).toBeLessThan(60_000_000);
  });
});

/** Memory of the server process. */
function residentBytes(): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stage.server.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1_024;
}
