import { describe, expect, it } from 'vitest';
import { notificationBody } from '../../../src/main/notification-body.ts';

describe('Notification text (G5)', () => {
  const said = '<a href="https://evil.example">5 < 6 && "x" > y</a> &amp;';

  it('is escaped on Linux, which reads notifications as markup', () => {
    expect(notificationBody(said, 'linux')).toBe(
      '&lt;a href="https://evil.example"&gt;5 &lt; 6 &amp;&amp; "x" &gt; y&lt;/a&gt; &amp;amp;',
    );
  });

  it.each(['win32', 'darwin'] as const)('is not escaped on other systems: %s', (platform) => {
    expect(notificationBody(said, platform)).toBe(said);
  });
});
