import { createContext, type ReactNode, type RefObject, useContext } from 'react';

type Container = HTMLElement | RefObject<HTMLElement | null>;

const Layer = createContext<Container | undefined>(undefined);

/** Popups of the content are shown inside the container. A modal dialog needs this, because everything outside is inert. */
export function LayerProvider({ container, children }: { container: Container | undefined; children: ReactNode }) {
  return <Layer value={container}>{children}</Layer>;
}

/** The element for popups; undefined: the page's body. */
export function useLayer(): Container | undefined {
  return useContext(Layer);
}
