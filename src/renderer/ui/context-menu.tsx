import { ContextMenu as Base } from '@base-ui/react/context-menu';
import { type ReactElement, useState } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { useLayer } from './layer.tsx';

export interface MenuAction {
  readonly icon: IconName | undefined;
  readonly label: string;
  /** The action deletes something. */
  readonly danger?: boolean;
  run(): void;
}

interface ContextMenuProps {
  /** The accessible name. */
  readonly label: string;
  /** The actions for the element under the pointer; none: the browser shows its own menu. */
  readonly actionsFor: (target: Element) => readonly MenuAction[];
  /** The area that opens the menu, by right click, menu key or Shift F10. */
  readonly children: ReactElement;
}

/** One menu for an area with many elements, such as a list of messages. */
export function ContextMenu({ label, actionsFor, children }: ContextMenuProps) {
  const layer = useLayer();
  const [actions, setActions] = useState<readonly MenuAction[]>([]);
  return (
    <Base.Root>
      <Base.Trigger
        render={children}
        onContextMenu={(event) => {
          const found =
            event.target instanceof Element && !needsBrowserMenu(event.target) ? actionsFor(event.target) : [];
          if (found.length === 0) {
            event.preventBaseUIHandler();
            // A listener of the library at the document would keep the browser from showing its menu.
            event.stopPropagation();
          } else setActions(found);
        }}
        // A long press selects text.
        onTouchStart={(event) => event.preventBaseUIHandler()}
      />
      <Base.Portal container={layer}>
        <Base.Positioner collisionPadding={8} className="z-40 outline-none">
          <Base.Popup
            aria-label={label}
            className="min-w-[11rem] rounded-xl border border-line bg-panel p-1 shadow-float outline-none"
          >
            {actions.map(({ icon, label: text, danger = false, run }) => (
              <Base.Item
                key={text}
                onClick={run}
                className={`flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none data-highlighted:bg-hover ${danger ? 'text-bad' : ''}`}
              >
                {icon === undefined ? null : <Icon name={icon} />}
                {text}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** The browser's menu has the commands for links and selected text. */
function needsBrowserMenu(target: Element): boolean {
  return getSelection()?.isCollapsed === false || target.closest('a[href], input, textarea') !== null;
}
