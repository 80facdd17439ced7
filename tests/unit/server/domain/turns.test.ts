import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Gate, Turns } from '../../../../server/src/domain/turns.ts';

/** Jobs that end when told to, and note what runs. */
function stage() {
  const running: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const job = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      running.push(name);
      ends.set(name, (error) => {
        running.splice(running.indexOf(name), 1);
        if (error) reject(error);
        else resolve(name);
      });
    });
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await nextTurn();
  };
  return { running, job, end };
}

describe('turns', () => {
  it('run jobs of a key one after the other, in order, and others side by side', async () => {
    const { running, job, end } = stage();
    const turns = new Turns<string>();
    const all = [turns.run('a', job('a1')), turns.run('a', job('a2')), turns.run('b', job('b1'))];
    expect(running).toEqual(['a1', 'b1']);
    await end('a1');
    expect(running).toEqual(['b1', 'a2']);
    await end('b1');
    await end('a2');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  });

  it('go on after a job that failed, whose failure is its own', async () => {
    const { running, job, end } = stage();
    const turns = new Turns<string>();
    const failing = turns.run('a', job('a1'));
    const next = turns.run('a', job('a2'));
    const failed = expect(failing).rejects.toThrow('broken');
    await nextTurn();
    await end('a1', new Error('broken'));
    await failed;
    expect(running).toEqual(['a2']);
    await end('a2');
    expect(await next).toBe('a2');
  });

  it('a later one waits for the last, not the first, of those before', async () => {
    const { running, job, end } = stage();
    const turns = new Turns<string>();
    const all = [turns.run('a', job('a1')), turns.run('a', job('a2'))];
    await nextTurn();
    await end('a1');
    all.push(turns.run('a', job('a3')));
    await nextTurn();
    expect(running).toEqual(['a2']);
    await end('a2');
    expect(running).toEqual(['a3']);
    await end('a3');
    await Promise.all(all);
  });
});

describe('gate', () => {
  it('runs so many at once, lets so many wait, and turns the others away', async () => {
    const { running, job, end } = stage();
    const gate = new Gate(2, 1);
    const all = ['1', '2', '3'].map((name) => gate.run(job(name)));
    expect(await gate.run(job('4'))).toBeUndefined();
    expect(running).toEqual(['1', '2']);
    await end('2');
    expect(running).toEqual(['1', '3']);
    await end('1');
    await end('3');
    expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  });

  it('is as wide as before once all have gone, failed ones too', async () => {
    const { running, job, end } = stage();
    const gate = new Gate(1, 1);
    const failing = expect(gate.run(job('1'))).rejects.toThrow('broken');
    const waiting = gate.run(job('2'));
    await nextTurn();
    await end('1', new Error('broken'));
    await failing;
    await end('2');
    await waiting;
    const later = gate.run(job('3'));
    expect(running).toEqual(['3']);
    await end('3');
    expect(await later).toBe('3');
  });
});
