import { type RefObject, useEffect, useRef } from 'react';

/** Calls whenever one of these elements has got another size; at the beginning as well. */
export function useResize(elements: readonly RefObject<HTMLElement | null>[], resized: () => void): void {
  const latest = useRef({ elements, resized });
  latest.current = { elements, resized };
  useEffect(() => {
    const observer = new ResizeObserver(() => latest.current.resized());
    for (const { current } of latest.current.elements) if (current !== null) observer.observe(current);
    return () => observer.disconnect();
  }, []);
}
