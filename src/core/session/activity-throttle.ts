/** Thins out the news that the person does something: once every third of the server's time-out is enough (B5). */
export class ActivityThrottle {
  #toldAt = Number.NEGATIVE_INFINITY;

  /**
   * @param now milliseconds
   * @param timeoutSeconds the server's policy; 0: it signs nobody out
   * @returns whether to tell the server now
   */
  due(now: number, timeoutSeconds: number): boolean {
    const passed = now - this.#toldAt;
    if (timeoutSeconds === 0 || (passed >= 0 && passed < (timeoutSeconds * 1000) / 3)) return false;
    this.#toldAt = now;
    return true;
  }
}
