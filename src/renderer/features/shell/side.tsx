import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { LayerProvider } from '../../ui/layer.tsx';
import { useModal } from '../../ui/top-layer.ts';

interface SideProps {
  /** In a wide window, the panel is shown next to the conversation. */
  readonly beside: boolean;
  /** The panel shows a search, which has a heading and a close button of its own. */
  readonly searching: boolean;
  readonly children: ReactNode;
}

/** The panel next to the conversation; in a narrow window, a drawer over it. */
export function Side({ beside, searching, children }: SideProps) {
  const drawerOpen = useAppState((state) => state.drawerOpen);
  const probe = useRef<HTMLSpanElement>(null);
  const room = useRoom(probe);
  return (
    <>
      {/* The style sheet gives this element a width only in a wide window, which the code measures. */}
      <span ref={probe} aria-hidden="true" className="invisible absolute w-0 @[68.75rem]:w-px" />
      {room && beside ? <div className="grid min-h-0">{children}</div> : null}
      {!room && drawerOpen ? <Drawer searching={searching}>{children}</Drawer> : null}
    </>
  );
}

function useRoom(probe: RefObject<HTMLElement | null>): boolean {
  const [room, setRoom] = useState(true);
  useLayoutEffect(() => {
    const element = probe.current;
    if (element === null) return;
    const look = () => setRoom(element.offsetWidth > 0);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [probe]);
  return room;
}

function Drawer({ searching, children }: Omit<SideProps, 'beside'>) {
  const strings = useStrings();
  const actions = useActions();
  const close = () => actions.navigation.toggleDrawer(false);
  const modal = useModal(close);
  return (
    <dialog
      {...modal}
      aria-label={searching ? strings.search.label : strings.conversation.details}
      className="fixed inset-y-0 start-auto end-0 m-0 h-dvh max-h-none w-[min(20rem,90vw)] max-w-none overflow-hidden bg-ground p-0 text-ink shadow-float backdrop:bg-black/40"
    >
      <LayerProvider container={modal.ref}>
        <div className={`grid h-full ${searching ? '' : 'grid-rows-[auto_minmax(0,1fr)]'}`}>
          {searching ? null : (
            <div className="flex items-center border-s border-line px-4 pt-2">
              <h2 className="min-w-0 flex-1 truncate font-semibold">{strings.conversation.details}</h2>
              <IconButton icon="close" label={strings.close} onClick={close} className="-me-2" />
            </div>
          )}
          {children}
        </div>
      </LayerProvider>
    </dialog>
  );
}
