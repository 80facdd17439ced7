/** A certificate's fingerprint, written as the server prints it, in four lines that two users can read to each other. */
export function Fingerprint({ value }: { value: string }) {
  const bytes = value.split(':');
  const lines = Array.from({ length: Math.ceil(bytes.length / 8) }, (_, line) =>
    bytes.slice(line * 8, line * 8 + 8).join(':'),
  );
  return (
    <code
      dir="ltr"
      className="block rounded-xl border border-line bg-ground px-3 py-2 text-center font-mono text-[0.8rem] leading-relaxed tracking-wide"
    >
      {lines.map((line, place) => (
        <span key={place} className="block">
          {line}
        </span>
      ))}
    </code>
  );
}
