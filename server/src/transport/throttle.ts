import type { Duplex } from 'node:stream';

/** Slows a stream's reading down to a rate, and stops it while its destination is full. Bytes, milliseconds. */
export class Throttle {
  #credit: number;
  #at: number;
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly source: Duplex,
    private readonly bytesPerSecond: number,
    private readonly burstBytes: number,
    private readonly now: () => number,
  ) {
    this.#credit = burstBytes;
    this.#at = now();
  }

  /** Lets the source flow, unless something holds it. */
  start(): void {
    if (this.#holds === 0 && !this.#stopped) this.source.resume();
  }

  /** Holds the source until the destination has drained. */
  hold(destination: NodeJS.WritableStream): void {
    this.#stop();
    destination.once('drain', () => this.#release());
  }

  /** Counts bytes; over the rate, the source rests until they are paid for. */
  took(bytes: number): void {
    const now = this.now();
    // A clock that was set back must not take credit away.
    const elapsed = Math.max(0, now - this.#at);
    this.#credit = Math.min(this.burstBytes, this.#credit + (elapsed * this.bytesPerSecond) / 1_000) - bytes;
    this.#at = now;
    if (this.#credit >= 0 || this.#timer) return;
    this.#stop();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#release();
      },
      (-this.#credit * 1_000) / this.bytesPerSecond,
    );
  }

  /** The end: the source is not started again. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #stop(): void {
    this.#holds++;
    this.source.pause();
  }

  #release(): void {
    this.#holds--;
    this.start();
  }
}
