import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode, RefObject } from 'react';
import { useLayer } from './layer.tsx';

interface PopoverProps {
  /** The accessible name. */
  readonly label: string;
  /** The button that opens and closes it. */
  readonly trigger: ReactElement;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  /** Has the focus after closing. */
  readonly focusAfter: RefObject<HTMLElement | null>;
  readonly className: string;
  readonly children: ReactNode;
}

/** A small non-modal dialog above its button. A press outside, Escape and Tab past its end close it. */
export function Popover({ label, trigger, open, onOpen, focusAfter, className, children }: PopoverProps) {
  const layer = useLayer();
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpen(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal container={layer}>
        <Base.Positioner side="top" align="start" sideOffset={8} collisionPadding={8} className="z-40">
          <Base.Popup
            aria-label={label}
            finalFocus={focusAfter}
            className={`rounded-2xl border border-line bg-panel shadow-float ${className}`}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
