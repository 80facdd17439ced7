import { firstCharacters } from '../../shared/text/cut.ts';
import { Icon } from './icons.tsx';

/** Grounds on which white letters have a contrast of 4.5 and more. */
const GROUNDS = [
  'bg-teal-700',
  'bg-violet-600',
  'bg-amber-700',
  'bg-pink-700',
  'bg-blue-700',
  'bg-green-700',
  'bg-slate-700',
  'bg-fuchsia-700',
  'bg-cyan-700',
  'bg-red-700',
  'bg-indigo-600',
  'bg-stone-600',
] as const;

const SIZES = {
  small: 'size-7 rounded-[0.55rem] text-[0.7rem]',
  normal: 'size-9 rounded-xl text-[0.8rem]',
  large: 'size-16 rounded-[1.4rem] text-[1.35rem]',
} as const;

function groundOf(name: string): string {
  let hash = 7;
  for (const character of name.toLowerCase()) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return GROUNDS[hash % GROUNDS.length] ?? GROUNDS[0];
}

function initialsOf(name: string): string {
  return firstCharacters(name, 2).toUpperCase();
}

interface AvatarProps {
  /** Absent: everyone. */
  readonly name: string | undefined;
  readonly size?: keyof typeof SIZES;
  /** Undefined: the presence isn't shown. */
  readonly online?: boolean | undefined;
}

/** The first letters of a name on its own colour; decoration beside the name itself. */
export function Avatar({ name, size = 'normal', online }: AvatarProps) {
  const ground = name === undefined ? 'bg-slate-700' : groundOf(name);
  return (
    <span
      aria-hidden="true"
      className={`relative grid shrink-0 place-items-center font-semibold text-white ${SIZES[size]} ${ground}`}
    >
      {name === undefined ? (
        <Icon name="megaphone" className={size === 'large' ? 'size-8' : 'size-[1.15rem]'} />
      ) : (
        initialsOf(name)
      )}
      {online === undefined ? null : (
        <span
          data-online={online}
          className={`absolute -end-0.5 -bottom-0.5 size-[0.7rem] rounded-full border-2 border-ground ${online ? 'bg-ok' : 'bg-away'}`}
        />
      )}
    </span>
  );
}
