import { Fragment, memo, type ReactNode, useEffect, useMemo, useState } from 'react';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { CodeToken } from './highlight.ts';
import { safeUrl } from '../../text/inline-parser.ts';
import { onlyEmoji, type Piece, readMarkdown } from '../../text/markdown.ts';

/** The text of a message with its Markdown, as elements and text nodes. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  const pieces = useMemo(() => readMarkdown(text), [text]);
  const large = useMemo(() => onlyEmoji(text), [text]);
  return (
    <div
      dir="auto"
      className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${large ? 'text-[2rem] leading-tight' : ''}`}
    >
      <Pieces pieces={pieces} />
    </div>
  );
});

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  // The text of a message never changes, so indices are stable keys.
  return pieces.map((piece, place) => <Fragment key={place}>{show(piece)}</Fragment>);
}

function show(piece: Piece): ReactNode {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return <code>{piece.text}</code>;
    case 'strong':
      return (
        <strong>
          <Pieces pieces={piece.inside} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Pieces pieces={piece.inside} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.inside} />
        </s>
      );
    case 'link':
      return <MessageLink url={piece.url} inside={piece.inside} />;
    case 'block':
      return <CodeBlock text={piece.text} language={piece.language} />;
    case 'item':
      return (
        <div className="list-line">
          <span className="list-mark">{piece.mark}</span>
          <div className="min-w-0 flex-1">
            <Pieces pieces={piece.inside} />
          </div>
        </div>
      );
    case 'quote':
      return (
        <blockquote>
          <Pieces pieces={piece.inside} />
        </blockquote>
      );
  }
}

/** A link that opens a dialog with its real address first. */
function MessageLink({ url, inside }: { url: string; inside: readonly Piece[] }) {
  const actions = useActions();
  const safe = safeUrl(url);
  if (safe === undefined) return <Pieces pieces={inside} />;
  return (
    <a
      href={safe.href}
      rel="noreferrer noopener"
      draggable={false}
      onClick={(event) => {
        event.preventDefault();
        actions.overlay.show({ kind: 'link', url: safe.href });
      }}
      onAuxClick={(event) => event.preventDefault()}
    >
      <Pieces pieces={inside} />
    </a>
  );
}

function CodeBlock({ text, language }: { text: string; language: string }) {
  const strings = useStrings();
  const actions = useActions();
  const tokens = useHighlighted(text, language);
  return (
    <div className="group/code relative">
      <pre tabIndex={0}>
        <code>
          {tokens.map((token, place) => (
            <span key={place} className={token.tone}>
              {token.text}
            </span>
          ))}
        </code>
      </pre>
      <IconButton
        icon="copy"
        label={strings.conversation.copyCode}
        onClick={() => void actions.clipboard.copy(text)}
        small
        className="absolute end-1 top-1 bg-[#17161c] text-white opacity-0 group-hover/code:opacity-100 hover:bg-[#302e38] hover:text-white focus-visible:opacity-100"
      />
    </div>
  );
}

/** Plain code until the highlighter is loaded; the first code block loads it. */
function useHighlighted(text: string, language: string): readonly CodeToken[] {
  const [tokens, setTokens] = useState<readonly CodeToken[]>([{ text, tone: undefined }]);
  useEffect(() => {
    let wanted = true;
    const colour = async () => {
      const { highlight } = await import('./highlight.ts');
      if (wanted) setTokens(highlight(text, language));
    };
    // Without the highlighter, the code stays plain.
    colour().catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [text, language]);
  return tokens;
}
