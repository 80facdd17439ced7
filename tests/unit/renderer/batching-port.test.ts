import { describe, expect, it } from 'vitest';
import { FakePort } from '../../support/demo-page/fake-port.ts';
import { BatchingPort } from '../../../src/renderer/port/batching-port.ts';
import { succeeded } from '../../../src/shared/client-api/failure.ts';

/** A batching port, its client, and animation frames that the test triggers. */
function setUp() {
  const client = new FakePort();
  const frames = { planned: [] as (() => void)[], isHidden: false };
  const port = new BatchingPort(client, {
    next: (call) => {
      frames.planned.push(call);
      return () => {
        frames.planned = frames.planned.filter((one) => one !== call);
      };
    },
    hidden: () => frames.isHidden,
  });
  const told: unknown[] = [];
  port.subscribe({
    event: ({ params }) => told.push('waiting' in params ? params.waiting : params),
    hostEvent: ({ name }) => told.push(name),
    link: (state) => told.push(state),
  });
  const happens = (waiting: number): void => client.emit('outbox.changed', { waiting });
  const frame = (): void => {
    for (const call of frames.planned.splice(0)) call();
  };
  return { client, port, frames, told, happens, frame };
}

describe('BatchingPort', () => {
  it('delivers a single event at once, and a burst with the next frame', () => {
    const { told, happens, frame, frames } = setUp();
    happens(1);
    expect(told).toEqual([1]);
    happens(2);
    happens(3);
    expect(told).toEqual([1]);
    frame();
    expect(told).toEqual([1, 2, 3]);
    happens(4);
    expect(told).toEqual([1, 2, 3]);
    frame();
    frame();
    expect(told).toEqual([1, 2, 3, 4]);
    // Without events, no frame is requested.
    expect(frames.planned).toEqual([]);
    happens(5);
    expect(told).toEqual([1, 2, 3, 4, 5]);
  });

  it('delivers nothing before an earlier event: no answer, no snapshot, no event of the host or the link', async () => {
    const { client, port, told, happens } = setUp();
    happens(1);
    happens(2);
    client.answer('outbox.list', () => succeeded({ messages: [] }));
    const answers = [port.command('outbox.list', {}), port.host('host.setUnread', { count: 1 })];
    happens(3);
    expect(told).toEqual([1]);
    await Promise.all(answers);
    expect(told).toEqual([1, 2, 3]);
    happens(4);
    await port.read();
    expect(told).toEqual([1, 2, 3, 4]);
    happens(5);
    client.emitHost({ name: 'host.conversationChosen', conversation: '@hans' });
    happens(6);
    client.setLink('lost');
    expect(told).toEqual([1, 2, 3, 4, 5, 'host.conversationChosen', 6, 'lost']);
  });

  it('doesn’t wait for frames in a hidden window (G5)', () => {
    const { frames, told, happens } = setUp();
    frames.isHidden = true;
    happens(1);
    happens(2);
    expect(told).toEqual([1, 2]);
  });
});
