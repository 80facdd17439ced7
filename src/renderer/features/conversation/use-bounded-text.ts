import { type ChangeEvent, type ClipboardEvent, type DragEvent, useState } from 'react';
import { DRAFT_CHARACTERS } from '../../../shared/client-api/host.ts';

interface BoundedText {
  /** The last change had more text than the field takes; nothing of the change was taken. */
  readonly refused: boolean;
  readonly onChange: (event: ChangeEvent<HTMLTextAreaElement>) => void;
  readonly onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  readonly onDrop: (event: DragEvent<HTMLTextAreaElement>) => void;
}

/**
 * Takes a change of a text field whole or not at all: a draft longer than the host keeps would be cut, and a text of a
 * megabyte freezes the page before it is a change. Lone surrogates, which no message may have, are repaired.
 */
export function useBoundedText(text: string, onText: (text: string) => void): BoundedText {
  const [refused, setRefused] = useState(false);
  const stopTooMuch = (event: ClipboardEvent<HTMLTextAreaElement> | DragEvent<HTMLTextAreaElement>, added: string) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const tooMuch = text.length - (selectionEnd - selectionStart) + added.length > DRAFT_CHARACTERS;
    setRefused(tooMuch);
    if (tooMuch) event.preventDefault();
  };
  return {
    refused,
    onChange: ({ target: { value } }) => {
      const tooMuch = value.length > DRAFT_CHARACTERS && value.length > text.length;
      setRefused(tooMuch);
      if (!tooMuch) onText(value.toWellFormed());
    },
    onPaste: (event) => stopTooMuch(event, event.clipboardData.getData('text/plain')),
    onDrop: (event) => stopTooMuch(event, event.dataTransfer.getData('text/plain')),
  };
}
