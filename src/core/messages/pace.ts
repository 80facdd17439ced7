/**
 * Keeps sending within what the server allows (`hello.limits`), so that it need not refuse: a bucket of `burst`
 * messages that refills at a little under the allowed rate.
 */
export class Pace {
  #perSecond = 0;
  #burst = 0;
  #left = 0;
  #filledAt = 0;

  /**
   * @param perSecond messages a second; 0: no limit
   * @param now milliseconds
   */
  allow(perSecond: number, burst: number, now: number): void {
    const first = this.#burst === 0;
    // Clocks and networks are not exact; the server's bucket must never be the emptier one.
    this.#perSecond = perSecond * 0.95;
    this.#burst = Math.max(1, burst);
    this.#left = first ? this.#burst : Math.min(this.#left, this.#burst);
    this.#filledAt = first ? now : this.#filledAt;
  }

  /**
   * Takes the right to send one message.
   * @returns milliseconds to wait before asking again; 0: taken
   */
  take(now: number): number {
    if (this.#perSecond === 0) return 0;
    const passed = Math.max(0, now - this.#filledAt);
    this.#left = Math.min(this.#burst, this.#left + (passed * this.#perSecond) / 1000);
    this.#filledAt = now;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * 1000) / this.#perSecond);
    this.#left--;
    return 0;
  }
}
