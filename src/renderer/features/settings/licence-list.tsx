import { useDeferredValue, useEffect, useState } from 'react';
import { useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { type Licence, readLicences } from './read-licences.ts';

/** Third-party packages and their licences; loaded when the user opens the list. */
export function LicenceList() {
  const strings = useStrings();
  const [shown, setShown] = useState(false);
  const desktop = useAppState(({ hostState }) => hostState.kind === 'desktop');
  return (
    <section aria-labelledby="licences" className="grid gap-3 border-t border-line pt-5">
      <h3 id="licences" className="font-semibold">
        {strings.licences.title}
      </h3>
      <p className="text-[0.82rem] text-ink-2">{strings.licences.hint}</p>
      {desktop ? <p className="text-[0.82rem] text-ink-2">{strings.licences.electron}</p> : null}
      {shown ? (
        <Licences />
      ) : (
        <Button onClick={() => setShown(true)} className="justify-self-start">
          {strings.licences.show}
        </Button>
      )}
    </section>
  );
}

function Licences() {
  const strings = useStrings();
  const format = useFormat();
  const list = useLicences();
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  if (typeof list === 'string') return <p>{list === 'failed' ? strings.licences.failed : strings.loading}</p>;
  const found = list.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <>
      <Field label={strings.licences.search} value={search} onText={setSearch} autoFocus autoComplete="off" />
      <p role="status" className="text-[0.82rem] text-ink-2">
        {strings.licences.count(found.length, format.number(found.length))}
      </p>
      <ul className="grid gap-1">
        {found.map((licence) => (
          <Entry key={`${licence.name} ${licence.version}`} licence={licence} />
        ))}
      </ul>
    </>
  );
}

function Entry({ licence: { name, version, licence, text } }: { licence: Licence }) {
  return (
    <li>
      <details className="rounded-[0.6rem] border border-line px-3 py-1.5">
        <summary className="cursor-pointer rounded">
          <span dir="ltr">
            <span className="font-semibold">{name}</span> {version} <span className="text-ink-2">{licence}</span>
          </span>
        </summary>
        <p dir="ltr" className="mt-2 font-mono text-[0.72rem] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text}
        </p>
      </details>
    </li>
  );
}

function useLicences(): readonly Licence[] | 'loading' | 'failed' {
  const [list, setList] = useState<readonly Licence[] | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let wanted = true;
    const read = async () => {
      const result = await readLicences().catch(() => 'failed' as const);
      if (wanted) setList(result);
    };
    void read();
    return () => {
      wanted = false;
    };
  }, []);
  return list;
}
