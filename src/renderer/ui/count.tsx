interface CountProps {
  readonly of: number;
  /** The text for screen readers. */
  readonly label: string;
  readonly look?: 'plain' | 'aside';
}

/** A number of unread messages; renders nothing for 0. */
export function Count({ of, label, look = 'plain' }: CountProps) {
  if (of === 0) return null;
  const colours = look === 'aside' ? 'bg-private-2 text-white' : 'bg-accent text-accent-ink';
  return (
    <span className={`badge min-w-[1.15rem] rounded-full px-1.5 text-center text-[0.72rem] font-bold ${colours}`}>
      <span aria-hidden="true">{of > 999 ? '999+' : of}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
