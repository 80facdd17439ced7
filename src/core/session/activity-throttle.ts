/** Limits activity notifications to one in each third of the server's time-out (B5). */
export class ActivityThrottle {
  #notifiedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param now milliseconds
   * @param timeoutSeconds the server's policy; 0: no time-out
   * @returns whether to notify the server now
   */
  due(now: number, timeoutSeconds: number): boolean {
    const passed = now - this.#notifiedAt;
    if (timeoutSeconds === 0 || (passed >= 0 && passed < (timeoutSeconds * 1000) / 3)) return false;
    this.#notifiedAt = now;
    return true;
  }
}
