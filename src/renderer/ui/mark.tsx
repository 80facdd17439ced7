/** Aside's mark: two bubbles, one of them aside. */
export function Mark({ className = 'size-14' }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 64 64" aria-hidden="true">
      <path
        className="fill-accent"
        d="M10 8h30a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H24L11.5 48.5A1 1 0 0 1 10 47.6V38a8 8 0 0 1-8-8V16a8 8 0 0 1 8-8Z"
      />
      <path
        className="fill-private-2 stroke-ground"
        strokeWidth="3"
        d="M38 26h16a8 8 0 0 1 8 8v10a8 8 0 0 1-8 8v6.5a1 1 0 0 1-1.7.7L45 52h-7a8 8 0 0 1-8-8V34a8 8 0 0 1 8-8Z"
      />
    </svg>
  );
}
