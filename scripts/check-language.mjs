// The gate "language": comments, test titles and documents in plain technical English (see docs/glossary.md).
// The subject of a sentence is a thing that the field names, so pronouns that name no thing are refused.
// Usage: node scripts/check-language.mjs (in the folder that has src and server/src)
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { say } from './setup.mjs';

const FOLDERS = ['src', 'server/src', 'scripts', 'bench', 'tests', 'docs'];
/** The glossary shows refused wording beside plain wording; this gate and its test name the refused words. */
const EXCEPTIONS = ['docs/glossary.md', 'scripts/check-language.mjs', 'tests/architecture/language.test.ts'];
/** Files that are not reworded yet. This list only shrinks. */
const NOT_YET = ['docs/app.md'];

const OPENER = /^(?:Who|Whoever|What|Whatever|Where|Wherever|Somebody|Someone|Nobody|Anybody|How|It)\b/;
const WORDS = /\b(?:somebody|someone|nobody|anybody|whoever|anew|oneself)\b/gi;
/** Comments, strings and regular expressions of a source, in order: none is mistaken for a part of another. */
const TOKENS =
  /\/\*[^]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
/** The code before the title of a test, a group of tests, or a story and its steps. */
const BEFORE_TITLE = /(?:\b(?:it|test|describe|describeInBrowser|step)(?:\.\w+)*\(|[\])]\(|\bname:)\s*$/;
/** Longest match of BEFORE_TITLE, in characters. */
const BEFORE_TITLE_LENGTH = 80;

/** @typedef {{ index: number, problem: string }} Finding */

/**
 * @param {string} text
 * @returns {Finding[]}
 */
const findWords = (text) =>
  [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({ index, problem: `contains "${word}"` }));

/**
 * @param {string} sentence
 * @returns {Finding[]}
 */
function findOpener(sentence) {
  const opener = OPENER.exec(sentence)?.[0];
  return opener === undefined ? [] : [{ index: 0, problem: `starts with "${opener}"` }];
}

/** @param {string} comment */
const withoutMarks = (comment) => comment.replaceAll(/^\/\*+|\*+\/$|^\s*\/\/|^\s*\*(?= |$)/gm, '').trim();

/**
 * @param {string} source
 * @param {boolean} isTest
 * @returns {Finding[]}
 */
function findInSource(source, isTest) {
  return [...source.matchAll(TOKENS)].flatMap(({ 0: token, index }) => {
    const isComment = token.startsWith('//') || token.startsWith('/*');
    const before = source.slice(Math.max(0, index - BEFORE_TITLE_LENGTH), index);
    const isTitle = isTest && /^['"`]/.test(token) && BEFORE_TITLE.test(before);
    if (!isComment && !isTitle) return [];
    const found = [...(isComment ? findOpener(withoutMarks(token)) : []), ...findWords(token)];
    return found.map((one) => ({ ...one, index: index + one.index }));
  });
}

/**
 * Paragraphs and list items must not start with a refused opener; tables and headings may. Code blocks are not prose.
 * @param {string} document in Markdown
 * @returns {Finding[]}
 */
function findInDocument(document) {
  const prose = document.replaceAll(/^```[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
  return [...prose.matchAll(/[^\n]+/g)].flatMap(({ 0: line, index }) => {
    const startsParagraph = index < 2 || prose.slice(index - 2, index) === '\n\n';
    const item = /^\s*(?:[-*]|\d+\.) /.exec(line)?.[0];
    const startsSentence = startsParagraph || item !== undefined;
    const opener = startsSentence ? findOpener(line.slice(item?.length ?? 0)) : [];
    return [...opener, ...findWords(line)].map((one) => ({ ...one, index: index + one.index }));
  });
}

/**
 * @param {string} path relative to the project, with slashes
 * @param {string} text
 * @returns {string[]} a line for each finding
 */
function findingsIn(path, text) {
  const isTest = path.startsWith('tests/');
  const found = path.endsWith('.md') ? findInDocument(text) : findInSource(text, isTest);
  return found.map(({ index, problem }) => `${path}:${text.slice(0, index).split('\n').length}: ${problem}`);
}

/** @returns {string[]} paths of the sources and documents in this folder */
function allFiles() {
  const below = FOLDERS.filter((folder) => statSync(folder, { throwIfNoEntry: false })).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  return [...readdirSync('.'), ...below].filter((path) => /\.(?:tsx?|mjs|cjs|md)$/.test(path));
}

const files = allFiles().filter(
  (path) => !EXCEPTIONS.includes(path) && !NOT_YET.some((place) => path.startsWith(place)),
);
const findings = files.flatMap((path) => findingsIn(path, readFileSync(path, 'utf8')));
for (const finding of findings) say(finding);
if (findings.length > 0) say(`${findings.length} findings. Name the thing instead; docs/glossary.md has the terms.`);
process.exitCode = findings.length === 0 ? 0 : 1;
