/** Pages of the browser host itself. They never contain a part of the request. */

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>\n`;
}

/** Redirects by the page itself, not by a header: its request is same-site, so the browser sends the strict cookie. */
export const ENTER = page(
  'Aside',
  '<p>Opening Aside. <a href="/">Go on</a> if nothing happens.</p>',
  '<meta http-equiv="refresh" content="0; url=/">',
);

export const KEY_VOID = page(
  'Aside',
  '<h1>This link has been used, or is too old</h1><p>In the terminal where Aside runs, press Enter for a new one.</p>',
);

export const NO_PASS = page(
  'Aside',
  '<h1>Open Aside with its link</h1><p>The terminal where Aside runs has printed it. Press Enter there for a new one.</p>',
);

export const FOREIGN = page('Aside', '<h1>Refused</h1><p>This request does not come from the app itself.</p>');
export const NOT_FOUND = page('Aside', '<h1>There is no such page</h1>');
export const WRONG_METHOD = page('Aside', '<h1>This is not how pages are asked for</h1>');
