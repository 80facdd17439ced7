import { useEffect, useRef } from 'react';
import { rangesOf } from '../search/marks.ts';

/** The name of the highlight in the style sheet (CSS Custom Highlight API). */
const HIGHLIGHT = 'found';

/** Marks words in the message that contains this element, without changing its elements. */
export function FoundWords({ words }: { words: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const bubble = place.current?.parentElement?.querySelector('.bubble');
    if (words === '' || bubble === null || bubble === undefined) return;
    CSS.highlights.set(HIGHLIGHT, new Highlight(...textNodes(bubble).flatMap((node) => rangesIn(node, words))));
    return () => void CSS.highlights.delete(HIGHLIGHT);
  }, [words]);
  return <span ref={place} hidden />;
}

/** Scrolls to the first marked word: a long message may be higher than the window. */
export function showFound(scroller: HTMLElement): void {
  const [range] = CSS.highlights.get(HIGHLIGHT) ?? [];
  if (!(range instanceof Range)) return;
  const [found, seen] = [range.getBoundingClientRect(), scroller.getBoundingClientRect()];
  if (found.top >= seen.top && found.bottom <= seen.bottom) return;
  scroller.scrollTop += (found.top + found.bottom - seen.top - seen.bottom) / 2;
}

function textNodes(element: Element): readonly Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode() !== null) nodes.push(walker.currentNode as Text);
  return nodes;
}

function rangesIn(node: Text, words: string): readonly Range[] {
  return rangesOf(node.data, words).map(([from, to]) => {
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  });
}
