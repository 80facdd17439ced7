import { useEffect, useRef, useState } from 'react';

/** A long operation: not started, running, or finished. */
export type Job<Progress, Result> =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly progress: Progress }
  | { readonly state: 'over'; readonly result: Result };

export interface JobControl<Progress, Result> {
  readonly job: Job<Progress, Result>;
  start(first: Progress, work: (signal: AbortSignal, tell: (progress: Progress) => void) => Promise<Result>): void;
  cancel(): void;
}

/** Runs one operation at a time; it is cancelled when its page is unmounted. */
export function useJob<Progress, Result>(): JobControl<Progress, Result> {
  const [job, setJob] = useState<Job<Progress, Result>>({ state: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  return {
    job,
    start: (first, work) => {
      const controller = new AbortController();
      running.current = controller;
      setJob({ state: 'running', progress: first });
      const tell = (progress: Progress) => setJob({ state: 'running', progress });
      void work(controller.signal, tell).then((result) => setJob({ state: 'over', result }));
    },
    cancel: () => running.current?.abort(),
  };
}
