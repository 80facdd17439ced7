import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedMutex } from '../../../../server/src/domain/keyed-mutex.ts';
import { jobStage } from './job-stage.ts';

describe('KeyedMutex', () => {
  it('runs jobs of a key in order, one at a time, and jobs of other keys at the same time', async () => {
    const { running, job, end } = jobStage();
    const mutex = new KeyedMutex<string>();
    const all = [mutex.run('a', job('a1')), mutex.run('a', job('a2')), mutex.run('b', job('b1'))];
    expect(running).toEqual(['a1', 'b1']);
    await end('a1');
    expect(running).toEqual(['b1', 'a2']);
    await end('b1');
    await end('a2');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  });

  it('runs the next job after a failed one, whose error reaches only its own caller', async () => {
    const { running, job, end } = jobStage();
    const mutex = new KeyedMutex<string>();
    const failing = mutex.run('a', job('a1'));
    const next = mutex.run('a', job('a2'));
    const failed = expect(failing).rejects.toThrow('broken');
    await nextTurn();
    await end('a1', new Error('broken'));
    await failed;
    expect(running).toEqual(['a2']);
    await end('a2');
    expect(await next).toBe('a2');
  });

  it('makes a new job wait for the last job before it, not the first', async () => {
    const { running, job, end } = jobStage();
    const mutex = new KeyedMutex<string>();
    const all = [mutex.run('a', job('a1')), mutex.run('a', job('a2'))];
    await nextTurn();
    await end('a1');
    all.push(mutex.run('a', job('a3')));
    await nextTurn();
    expect(running).toEqual(['a2']);
    await end('a2');
    expect(running).toEqual(['a3']);
    await end('a3');
    await Promise.all(all);
  });
});
