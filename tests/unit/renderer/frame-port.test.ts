import { describe, expect, it } from 'vitest';
import { FramePort, type TransportHandler } from '../../../src/renderer/port/frame-port.ts';
import { DEFAULT_PREFERENCES } from '../../../src/shared/client-api/host.ts';
import { emptyView } from '../../../src/shared/client-api/reduce.ts';
import type { InterfaceFrame } from '../../../src/shared/client-api/frames.ts';

/** A port whose frames go to a list; the test is the host. */
function setUp() {
  const sent: InterfaceFrame[] = [];
  let handler: TransportHandler | undefined;
  const port = new FramePort({
    send: (frame) => sent.push(frame),
    start: (given) => {
      handler = given;
    },
  });
  if (handler === undefined) throw new Error('not started');
  const told: unknown[] = [];
  port.subscribe({
    event: (event) => told.push(event),
    hostEvent: (event) => told.push(event),
    link: (state) => told.push(state),
  });
  return { port, sent, handler, told };
}

const hostState = {
  kind: 'browser',
  version: '1',
  lock: 'none',
  preferences: DEFAULT_PREFERENCES,
  drafts: {},
} as const;

describe('FramePort', () => {
  it('sends commands and matches their answers', async () => {
    const { port, sent, handler } = setUp();
    handler.open();
    const first = port.command('session.tryNow', {});
    const second = port.host('host.setUnread', { count: 2 });
    expect(sent).toEqual([
      { id: 1, command: 'session.tryNow', params: {} },
      { id: 2, host: 'host.setUnread', params: { count: 2 } },
    ]);
    handler.frame({ id: 2, outcome: { ok: true, result: {} } });
    handler.frame({ id: 1, outcome: { ok: false, failure: { reason: 'offline' } } });
    expect(await second).toEqual({ ok: true, result: {} });
    expect(await first).toEqual({ ok: false, failure: { reason: 'offline' } });
  });

  it('reads as soon as the link is up, and again after it was lost', async () => {
    const { port, sent, handler, told } = setUp();
    const reading = port.read();
    expect(sent).toEqual([]);
    handler.open();
    handler.frame({ id: 1, view: emptyView(), hostState: hostState });
    expect(await reading).toEqual({ view: emptyView(), hostState });
    const command = port.command('outbox.list', {});
    handler.closed();
    expect(await command).toMatchObject({ ok: false, failure: { reason: 'connection-lost' } });
    expect(await port.command('outbox.list', {})).toMatchObject({ ok: false });
    handler.open();
    expect(told).toEqual(['connected', 'lost', 'connected']);
  });

  it('reports a host that refuses this page, and continues when the host accepts it', () => {
    const { handler, told } = setUp();
    handler.open();
    handler.closed();
    handler.refused();
    handler.open();
    expect(told).toEqual(['connected', 'lost', 'refused', 'connected']);
  });

  it('delivers only events that match the contract', () => {
    const { handler, told } = setUp();
    handler.open();
    handler.frame({ event: { seq: 4, name: 'outbox.changed', params: { waiting: 2 } } });
    handler.frame({ event: { seq: 5, name: 'outbox.changed', params: { waiting: 'two' } } });
    handler.frame({ event: { seq: 6, name: 'of.tomorrow', params: {} } });
    handler.frame({ hostEvent: { name: 'host.replaced' } });
    handler.frame('nonsense');
    handler.frame(undefined);
    expect(told).toEqual([
      'connected',
      { seq: 4, name: 'outbox.changed', params: { waiting: 2 } },
      { name: 'host.replaced' },
    ]);
  });
});
