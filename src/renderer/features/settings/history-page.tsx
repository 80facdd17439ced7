import { useState } from 'react';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConversationChoice } from './conversation-choice.tsx';
import { ExportSection } from './export-section.tsx';
import { ImportSection } from './import-section.tsx';

/** Exports, imports and deletes the history (G8). */
export function HistoryPage() {
  return (
    <div className="grid gap-6">
      <ExportSection />
      <ImportSection />
      <DeleteSection />
    </div>
  );
}

function DeleteSection() {
  const strings = useStrings();
  const actions = useActions();
  const [conversation, setConversation] = useState<string>();
  return (
    <section aria-labelledby="archive-delete" className="grid gap-3 border-t border-line pt-5">
      <h3 id="archive-delete" className="font-semibold text-bad">
        {strings.archive.deleteTitle}
      </h3>
      <p className="text-[0.82rem] text-ink-2">{strings.archive.deleteHint}</p>
      <ConversationChoice value={conversation} onChoose={setConversation} />
      <Button
        look="danger"
        onClick={() => actions.overlay.show({ kind: 'delete-history', conversation })}
        className="justify-self-start"
      >
        {strings.archive.delete}
      </Button>
    </section>
  );
}
