import { common, createLowlight } from 'lowlight';

/** A piece of code in one colour. */
export interface CodeToken {
  readonly text: string;
  readonly tone: string | undefined;
}

/** Longest code that is highlighted, in characters: more would take too long. */
const LONGEST = 20_000;

const TONES: Readonly<Record<string, string>> = {
  keyword: 'code-keyword',
  literal: 'code-number',
  number: 'code-number',
  string: 'code-string',
  regexp: 'code-string',
  comment: 'code-comment',
  title: 'code-title',
  function: 'code-title',
  attr: 'code-title',
  attribute: 'code-title',
  property: 'code-title',
  built_in: 'code-type',
  type: 'code-type',
  tag: 'code-keyword',
  name: 'code-keyword',
  meta: 'code-comment',
};

const lowlight = createLowlight(common);

type Tree = ReturnType<typeof lowlight.highlight>;
type Child = Tree['children'][number];

/** Highlights code of a known language; other code stays plain. */
export function highlight(text: string, language: string): readonly CodeToken[] {
  if (text.length > LONGEST || !lowlight.registered(language)) return [{ text, tone: undefined }];
  return lowlight.highlight(language, text).children.flatMap((child) => tokensOf(child, undefined));
}

function tokensOf(node: Child, tone: string | undefined): CodeToken[] {
  if (node.type === 'text') return [{ text: node.value, tone }];
  if (node.type !== 'element') return [];
  const names = Array.isArray(node.properties.className) ? node.properties.className : [];
  const own = names.map((name) => TONES[String(name).replace(/^hljs-/, '')]).find((one) => one !== undefined);
  return node.children.flatMap((child) => tokensOf(child, own ?? tone));
}
