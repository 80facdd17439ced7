import type { ButtonHTMLAttributes, ComponentProps } from 'react';
import { Icon, type IconName } from './icons.tsx';
import { Tooltip } from './tooltip.tsx';

const LOOKS = {
  primary: 'bg-accent text-accent-ink hover:brightness-110 border-transparent',
  plain: 'bg-transparent text-ink border-line hover:bg-hover',
  danger: 'bg-transparent text-bad border-line hover:bg-hover',
  destructive: 'bg-bad text-white dark:text-black hover:brightness-110 border-transparent',
} as const;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof LOOKS;
  readonly icon?: IconName;
}

export function Button({ look = 'plain', icon, className = '', children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-9 max-w-full [overflow-wrap:anywhere] items-center justify-center gap-2 rounded-[0.6rem] border px-3 py-1.5 text-[0.82rem] font-semibold transition disabled:cursor-not-allowed disabled:opacity-55 ${LOOKS[look]} ${className}`}
      {...rest}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: IconName;
  /** The action: the accessible name and the tooltip. */
  readonly label: string;
  readonly small?: boolean;
}

export function IconButton({ icon, label, small = false, className = '', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={`grid ${small ? 'size-8' : 'size-9'} shrink-0 place-items-center rounded-[0.6rem] border border-transparent text-ink-2 transition hover:bg-hover hover:text-ink ${className}`}
        {...rest}
      >
        <Icon name={icon} className="size-[1.15rem]" />
      </button>
    </Tooltip>
  );
}
