import { type RefObject, useLayoutEffect } from 'react';

/** Longest text that is measured; far more than a message may have. */
const MEASURED_CHARACTERS = 16_384;

/** Makes a text area as high as the text in it, up to the bound of its style. */
export function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    // To measure a very long text freezes the page for seconds; the field shows its largest height.
    if (text.length > MEASURED_CHARACTERS) {
      element.style.height = '100dvh';
      return;
    }
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [area, text]);
}
