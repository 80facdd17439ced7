import type { ClipboardEvent } from 'react';
import type { Message } from '../../../shared/client-api/view-state.ts';

/**
 * Copies a selection over several messages with the names and times of the messages; the browser copies every other
 * selection.
 * @param titleOf the name and time of a message
 */
export function copyMessages(
  event: ClipboardEvent<HTMLElement>,
  messages: readonly Message[],
  titleOf: (message: Message) => string,
): void {
  const selection = getSelection();
  if (selection === null || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  const parts = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-index]')].flatMap((row) => {
    const message = messages[Number(row.dataset.index)];
    const bubble = row.querySelector('.bubble');
    if (message === undefined || bubble === null || !range.intersectsNode(bubble)) return [];
    const whole = new Range();
    whole.selectNodeContents(bubble);
    const startsBefore = range.compareBoundaryPoints(Range.START_TO_START, whole) <= 0;
    const endsAfter = range.compareBoundaryPoints(Range.END_TO_END, whole) >= 0;
    if (startsBefore && endsAfter) return [{ message, text: message.text }];
    const part = range.cloneRange();
    if (startsBefore) part.setStart(whole.startContainer, whole.startOffset);
    if (endsAfter) part.setEnd(whole.endContainer, whole.endOffset);
    const text = part.toString();
    return text === '' ? [] : [{ message, text }];
  });
  if (parts.length < 2) return;
  event.preventDefault();
  event.clipboardData.setData(
    'text/plain',
    parts.map(({ message, text }) => `${titleOf(message)}\n${text}`).join('\n\n'),
  );
}
