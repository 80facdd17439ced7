import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { HistoryStore } from '../ports.ts';
import type { Core } from '../state/core.ts';
import { HTML_BEGIN, HTML_END, headingHtml, messageHtml } from './export-html.ts';
import { EXPORT_HEADER, messageLine } from './export-line.ts';

/** Messages in one page. */
const PAGE = 200;
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

type Params = CommandParams<'history.export'>;
type Result = CommandResult<'history.export'>;

/** One page of the history as JSON Lines or HTML (G8). Queued messages are left out. */
export function exportHistoryPage(core: Core, params: Params): Outcome<Result> {
  const { history } = core.ports;
  return runHistoryOperation(() => (params.format === 'json' ? jsonPage(history, params) : htmlPage(history, params)));
}

function jsonPage(history: HistoryStore, { conversation, from }: Params): Result {
  const messages = history.after(conversation, from?.position ?? BEFORE_ALL, PAGE);
  const lines = messages.filter(({ status }) => status.state !== 'queued').map(messageLine);
  const all = from === undefined ? [EXPORT_HEADER, ...lines] : lines;
  const position = messages.length === PAGE ? messages.at(-1)?.position : undefined;
  const text = all.map((line) => `${line}\n`).join('');
  return { text, messages: lines.length, ...(position === undefined ? {} : { next: { position } }) };
}

function htmlPage(history: HistoryStore, { conversation, from }: Params): Result {
  // Sorted by id: new messages don't change this order between two pages.
  const all = history.conversations().sort((one, other) => (one.id < other.id ? -1 : 1));
  const wanted = all.filter(({ id }) => conversation === undefined || id === conversation);
  const at = from?.conversation;
  const current = wanted.find(({ id }) => at === undefined || id >= at);
  const begin = from === undefined ? HTML_BEGIN : '';
  if (current === undefined) return { text: begin + HTML_END, messages: 0 };
  const resumed = current.id === at ? from?.position : undefined;
  const messages = history.after(current.id, resumed ?? BEFORE_ALL, PAGE);
  const heading = resumed === undefined ? headingHtml(current) : '';
  const rows = messages.filter(({ status }) => status.state !== 'queued').map(messageHtml);
  const text = begin + heading + rows.join('');
  const position = messages.length === PAGE ? messages.at(-1)?.position : undefined;
  const count = { messages: rows.length };
  if (position !== undefined) return { text, ...count, next: { conversation: current.id, position } };
  const following = wanted[wanted.indexOf(current) + 1];
  return following === undefined
    ? { text: text + HTML_END, ...count }
    : { text, ...count, next: { conversation: following.id } };
}
