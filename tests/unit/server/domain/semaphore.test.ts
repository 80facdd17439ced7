import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../../../server/src/domain/semaphore.ts';
import { jobStage } from './job-stage.ts';

describe('Semaphore', () => {
  it('runs a limited number at once, queues a limited number, and rejects the others', async () => {
    const { running, job, end } = jobStage();
    const semaphore = new Semaphore(2, 1);
    const all = ['1', '2', '3'].map((name) => semaphore.run(job(name)));
    expect(await semaphore.run(job('4'))).toBeUndefined();
    expect(running).toEqual(['1', '2']);
    await end('2');
    expect(running).toEqual(['1', '3']);
    await end('1');
    await end('3');
    expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  });

  it('frees the place of every finished job, also of failed ones', async () => {
    const { running, job, end } = jobStage();
    const semaphore = new Semaphore(1, 1);
    const failing = expect(semaphore.run(job('1'))).rejects.toThrow('broken');
    const waiting = semaphore.run(job('2'));
    await nextTurn();
    await end('1', new Error('broken'));
    await failing;
    await end('2');
    await waiting;
    const later = semaphore.run(job('3'));
    expect(running).toEqual(['3']);
    await end('3');
    expect(await later).toBe('3');
  });
});
