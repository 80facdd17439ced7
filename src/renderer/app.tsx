import { createRoot } from 'react-dom/client';
import { Shell } from './features/shell/shell.tsx';
import type { Port } from './port/client-port.ts';
import { createWindowModel } from './store/window-store.ts';
import { en, type Strings } from '../shared/text/en.ts';
import { Format } from '../shared/text/format.ts';
import { isolateNames } from '../shared/text/isolate.ts';
import { AppProvider } from './ui/app-context.tsx';

/** Shows the app on a port. @returns ends it */
export function showApp(root: HTMLElement, port: Port, catalogue: Strings = en): () => void {
  const strings = isolateNames(catalogue);
  const app = createWindowModel(port, strings);
  const format = new Format('en');
  const reactRoot = createRoot(root);
  reactRoot.render(
    <AppProvider value={{ ...app, strings, format }}>
      <Shell />
    </AppProvider>,
  );
  return () => {
    app.stop();
    reactRoot.unmount();
  };
}
