import { Tooltip as Base } from '@base-ui/react/tooltip';
import { type ReactElement, useState } from 'react';
import { useLayer } from './layer.tsx';

interface TooltipProps {
  readonly text: string;
  /** The element that the tooltip belongs to. The text must also be in its accessible name or description. */
  readonly children: ReactElement;
}

/** Shows a short text while the pointer rests on an element or the keyboard focus is on it (G6). */
export function Tooltip({ text, children }: TooltipProps) {
  const layer = useLayer();
  const [open, setOpen] = useState(false);
  const change = (next: boolean, details: Base.Root.ChangeEventDetails) => {
    // The tooltip must not keep Escape from the dialog around it.
    if (details.reason === 'escape-key') {
      details.cancel();
      details.allowPropagation();
    }
    setOpen(next);
  };
  return (
    <Base.Root open={open} onOpenChange={change}>
      <Base.Trigger render={children} />
      <Base.Portal container={layer}>
        <Base.Positioner sideOffset={6} collisionPadding={8} positionMethod="fixed" className="z-50">
          <Base.Popup className="max-w-[18rem] rounded-lg border border-line bg-ink px-2 py-1 text-[0.75rem] text-ground shadow-float">
            {text}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
