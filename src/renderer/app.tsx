import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Shell } from './features/shell/shell.tsx';
import { BrokenWindow } from './features/states/broken.tsx';
import type { Port } from './port/client-port.ts';
import { createWindowModel, type WindowModel } from './store/window-store.ts';
import { en, type Strings } from '../shared/text/en.ts';
import { Format } from '../shared/text/format.ts';
import { isolateNames } from '../shared/text/isolate.ts';
import { AppProvider } from './ui/app-context.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/** Shows the app on a port. @returns ends it */
export function showApp(root: HTMLElement, port: Port, catalogue: Strings = en): () => void {
  const strings = isolateNames(catalogue);
  const format = new Format('en');
  let model = createWindowModel(port, strings);
  const restart = (): WindowModel => {
    model.stop();
    model = createWindowModel(port, strings);
    return model;
  };
  const reactRoot = createRoot(root);
  reactRoot.render(<App first={model} strings={strings} format={format} restart={restart} />);
  return () => {
    model.stop();
    reactRoot.unmount();
  };
}

interface AppProps {
  readonly first: WindowModel;
  readonly strings: Strings;
  readonly format: Format;
  /** Reads everything from the host again. */
  readonly restart: () => WindowModel;
}

/** The window; after an error that no part of it could keep, the user starts it again (G11). */
function App({ first, strings, format, restart }: AppProps) {
  const [model, setModel] = useState(first);
  return (
    <AppProvider value={{ ...model, strings, format }}>
      <ErrorBoundary content={model} instead={<BrokenWindow onReload={() => setModel(restart())} />}>
        <Shell />
      </ErrorBoundary>
    </AppProvider>
  );
}
