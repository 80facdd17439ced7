import { useState } from 'react';
import { useActions, useFailureText, useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from './choice.tsx';
import { ConversationChoice } from './conversation-choice.tsx';
import { type ExportResult, type ExportWish, exportHistory, exportName } from './export-history.ts';
import { saveFile } from './save-file.ts';
import { useJob } from './use-job.ts';

const FORMATS = ['json', 'html'] as const;

/** The result: number of messages and file name, or the failure. */
type Saved = ExportResult & { readonly name: string };

/** Exports the history as a file, to import or to read. */
export function ExportSection() {
  const strings = useStrings();
  const format = useFormat();
  const [form, setForm] = useState<ExportWish['format']>('json');
  const [conversation, setConversation] = useState<string>();
  const { job, start, cancel } = useExport();
  return (
    <section aria-labelledby="archive-export" className="grid gap-3">
      <h3 id="archive-export" className="font-semibold">
        {strings.archive.exportTitle}
      </h3>
      <p className="text-[0.82rem] text-ink-2">{strings.archive.exportHint}</p>
      <Choice
        legend={strings.archive.format}
        value={form}
        options={FORMATS}
        names={strings.archive.formats}
        onChoose={setForm}
      />
      <ConversationChoice value={conversation} onChoose={setConversation} />
      {job.state === 'running' ? (
        <div className="flex flex-wrap items-center gap-3">
          <progress aria-label={strings.archive.exportTitle} />
          <p className="text-[0.82rem] text-ink-2">{strings.archive.exporting(format.number(job.progress))}</p>
          <Button onClick={cancel}>{strings.cancel}</Button>
        </div>
      ) : (
        <Button
          onClick={() => start({ format: form, ...(conversation === undefined ? {} : { conversation }) })}
          className="justify-self-start"
        >
          {strings.archive.export}
        </Button>
      )}
      <p role="status" className="text-[0.82rem] empty:-mt-3 [overflow-wrap:anywhere]">
        {job.state === 'over' ? <Ending saved={job.result} /> : null}
      </p>
    </section>
  );
}

function useExport() {
  const actions = useActions();
  const own = useAppState(({ view }) => view.username ?? '');
  const conversations = useAppState(({ view }) => view.conversations);
  const strings = useStrings();
  const control = useJob<number, Saved>();
  const start = (wish: ExportWish) =>
    control.start(0, async (signal, tell) => {
      const result = await exportHistory((name, params) => actions.client.run(name, params), wish, signal, tell);
      const other = conversations.find(({ id }) => id === wish.conversation);
      const names = wish.conversation === undefined ? [own] : [own, other?.username ?? strings.everyone];
      const name = exportName(wish.format, names, Date.now());
      if (result.kind === 'done') saveFile(result.file, name);
      return { ...result, name };
    });
  return { ...control, start };
}

function Ending({ saved }: { saved: Saved }) {
  const strings = useStrings();
  const format = useFormat();
  const failureText = useFailureText();
  switch (saved.kind) {
    case 'done':
      return strings.archive.exported(format.number(saved.messages), saved.name);
    case 'cancelled':
      return strings.archive.cancelled;
    case 'failed':
      return <span className="text-bad">{failureText(saved.failure)}</span>;
  }
}
