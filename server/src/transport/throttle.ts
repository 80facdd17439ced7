import type { Duplex } from 'node:stream';
import { TokenBucket } from '../../../src/shared/token-bucket.ts';

/** Limits the reading of a stream to a rate, and pauses it while its destination is full. Bytes, milliseconds. */
export class Throttle {
  readonly #bucket: TokenBucket;
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly source: Duplex,
    bytesPerSecond: number,
    burstBytes: number,
    private readonly now: () => number,
  ) {
    this.#bucket = new TokenBucket(bytesPerSecond, burstBytes, now());
  }

  /** Resumes the source, unless something holds it. */
  start(): void {
    if (this.#holds === 0 && !this.#stopped) this.source.resume();
  }

  /** Holds the source until the destination has drained. */
  hold(destination: NodeJS.WritableStream): void {
    this.#stop();
    destination.once('drain', () => this.#release());
  }

  /** Counts bytes; above the rate, the source pauses until the bucket has refilled. */
  took(bytes: number): void {
    const now = this.now();
    this.#bucket.level(now);
    this.#bucket.spend(bytes);
    const debtMs = this.#bucket.debtMs(now);
    if (debtMs === 0 || this.#timer) return;
    this.#stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#release();
    }, debtMs);
  }

  /** Ends the throttle; the source is not resumed again. */
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
