import { browserHostText } from '../shared/text/shell.ts';

/** Pages of the browser host itself. They never contain a part of the request. */

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>\n`;
}

function message({ title, text }: { readonly title: string; readonly text: string }): string {
  return page('Aside', `<h1>${title}</h1><p>${text}</p>`);
}

const { entering, linkInvalid, noPass, refused, notFound, wrongMethod } = browserHostText.pages;

/** Redirects by the page itself, not by a header: its request is same-site, so the browser sends the strict cookie. */
export const ENTER = page(
  'Aside',
  `<p>${entering.before} <a href="/">${entering.link}</a> ${entering.after}</p>`,
  '<meta http-equiv="refresh" content="0; url=/">',
);

export const KEY_VOID = message(linkInvalid);
export const NO_PASS = message(noPass);
export const FOREIGN = message(refused);
export const NOT_FOUND = page('Aside', `<h1>${notFound}</h1>`);
export const WRONG_METHOD = page('Aside', `<h1>${wrongMethod}</h1>`);
