import { describe, expect, it } from 'vitest';
import { notificationBody } from '../../../src/main/notification-body.ts';

describe('the text of a notification (G5)', () => {
  const said = '<a href="https://evil.example">5 < 6 && "x" > y</a> &amp;';

  it('stays text on Linux, where notifications are read as markup', () => {
    expect(notificationBody(said, 'linux')).toBe(
      '&lt;a href="https://evil.example"&gt;5 &lt; 6 &amp;&amp; "x" &gt; y&lt;/a&gt; &amp;amp;',
    );
  });

  it.each(['win32', 'darwin'] as const)('is shown as it is elsewhere: %s', (platform) => {
    expect(notificationBody(said, platform)).toBe(said);
  });
});
