import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { readableAddress } from '../../text/markdown.ts';
import { safeUrl } from '../../text/inline-parser.ts';

/** Shows the real address of a link before the link is opened. */
export function LinkDialog({ url: text }: { url: string }) {
  const strings = useStrings();
  const actions = useActions();
  const kind = useAppState(({ hostState }) => hostState.kind);
  const url = safeUrl(text);
  if (url === undefined) return null;
  const mail = url.protocol === 'mailto:';
  const host = mail ? readableAddress(url) : url.host;
  const close = () => actions.overlay.close();
  return (
    <Dialog title={strings.link.title} onClose={close} width="narrow">
      <div className="grid gap-3 px-5 pb-5">
        <p className="text-ink-2">{mail ? strings.link.mail : strings.link.text}</p>
        <p
          dir="ltr"
          className="rounded-xl border border-line bg-ground px-3 py-2 text-center text-lg font-semibold break-all"
        >
          {host}
        </p>
        {host.split('.').some((label) => label.startsWith('xn--')) ? (
          <p className="text-warn">{strings.link.disguised}</p>
        ) : null}
        {url.protocol === 'http:' ? <p className="text-warn">{strings.link.insecure}</p> : null}
        <p dir="ltr" className="max-h-32 overflow-auto font-mono text-[0.75rem] break-all text-ink-2">
          {url.href}
        </p>
        <DialogActions>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button onClick={() => void actions.clipboard.copy(url.href)}>{strings.copy}</Button>
          {kind === 'desktop' ? (
            <Button
              look="primary"
              onClick={() => {
                actions.host.openLink(url.href);
                close();
              }}
            >
              {strings.link.open}
            </Button>
          ) : (
            <a
              href={url.href}
              target="_blank"
              rel="noreferrer noopener"
              onClick={close}
              className="inline-flex min-h-9 items-center rounded-[0.6rem] bg-accent px-3 text-[0.82rem] font-semibold text-accent-ink"
            >
              {strings.link.open}
            </a>
          )}
        </DialogActions>
      </div>
    </Dialog>
  );
}
