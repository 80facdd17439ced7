import { useRef } from 'react';
import { useActions, useFailureText, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { type ImportEnd, type ImportProgress, type ImportResult, importHistory } from './import-history.ts';
import { useJob } from './use-job.ts';

/** Most faulty lines that are shown; the others are only counted. */
const FAULTS_SHOWN = 5;

/** Imports an exported history. */
export function ImportSection() {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
  const chooser = useRef<HTMLInputElement>(null);
  const { job, start, cancel } = useJob<ImportProgress, ImportResult>();
  const chosen = (file: File | undefined) => {
    if (file === undefined) return;
    start({ part: 0, added: 0 }, (signal, tell) =>
      importHistory((name, params) => actions.client.run(name, params), file, signal, tell),
    );
  };
  return (
    <section aria-labelledby="archive-import" className="grid gap-3 border-t border-line pt-5">
      <h3 id="archive-import" className="font-semibold">
        {strings.archive.importTitle}
      </h3>
      <p className="text-[0.82rem] text-ink-2">{strings.archive.importHint}</p>
      <input
        ref={chooser}
        type="file"
        accept=".jsonl,.json,.txt"
        aria-label={strings.archive.import}
        tabIndex={-1}
        hidden
        onChange={(event) => {
          chosen(event.target.files?.[0]);
          // Without this, choosing the same file again would raise no event.
          event.target.value = '';
        }}
      />
      {job.state === 'running' ? (
        <div className="flex flex-wrap items-center gap-3">
          <progress aria-label={strings.archive.progress} value={job.progress.part} max={1} />
          <p className="text-[0.82rem] text-ink-2">{strings.archive.importing(format.number(job.progress.added))}</p>
          <Button onClick={cancel}>{strings.cancel}</Button>
        </div>
      ) : (
        <Button onClick={() => chooser.current?.click()} className="justify-self-start">
          {strings.archive.import}
        </Button>
      )}
      <div role="status" className="grid gap-1 text-[0.82rem] empty:-mt-3">
        {job.state === 'over' ? <Ending result={job.result} /> : null}
      </div>
    </section>
  );
}

function Ending({ result: { end, summary } }: { result: ImportResult }) {
  const strings = useStrings();
  const format = useFormat();
  const sentence = useSentence(end);
  const { added, repeated, faulty, faults } = summary;
  const counted = (count: number) => ({ count, text: format.number(count) });
  const something = end.kind === 'done' || added + repeated + faulty > 0;
  return (
    <>
      {sentence === undefined ? null : <p className={end.kind === 'cancelled' ? '' : 'text-bad'}>{sentence}</p>}
      {something ? <p>{strings.archive.imported(counted(added), counted(repeated))}</p> : null}
      {faulty === 0 ? null : (
        <>
          <p>{strings.archive.faulty(faulty, format.number(faulty))}</p>
          <ul className="list-disc ps-5 text-ink-2">
            {faults.slice(0, FAULTS_SHOWN).map(({ line, reason }) => (
              <li key={line}>{strings.archive.fault(format.number(line), strings.archive.faults[reason])}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** The error or the cancellation, next to the counts. */
function useSentence(end: ImportEnd): string | undefined {
  const { archive } = useStrings();
  const failureText = useFailureText();
  switch (end.kind) {
    case 'done':
      return undefined;
    case 'cancelled':
      return archive.importCancelled;
    case 'foreign':
    case 'newer':
    case 'unreadable':
      return archive[end.kind];
    case 'failed':
      return failureText(end.failure);
  }
}
