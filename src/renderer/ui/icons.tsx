import {
  Apple,
  ArrowRight,
  Ban,
  Bell,
  Check,
  ChevronDown,
  ChevronLeft,
  User,
  Clock,
  Copy,
  Eye,
  EyeOff,
  Flag,
  Hand,
  Hash,
  Lightbulb,
  Leaf,
  Lock,
  LockOpen,
  type LucideIcon,
  Megaphone,
  Moon,
  PanelRight,
  Plane,
  Search,
  Settings2,
  Smile,
  Trash2,
  TriangleAlert,
  Trophy,
  X,
} from 'lucide-react';

/** The icons that the window uses, by their meaning here. */
const ICONS = {
  search: Search,
  settings: Settings2,
  lock: Lock,
  'lock-open': LockOpen,
  megaphone: Megaphone,
  smile: Smile,
  send: ArrowRight,
  close: X,
  back: ChevronLeft,
  panel: PanelRight,
  copy: Copy,
  clock: Clock,
  down: ChevronDown,
  check: Check,
  warning: TriangleAlert,
  block: Ban,
  eye: Eye,
  'eye-off': EyeOff,
  bell: Bell,
  quiet: Moon,
  trash: Trash2,
  person: User,
  hand: Hand,
  leaf: Leaf,
  apple: Apple,
  plane: Plane,
  trophy: Trophy,
  lightbulb: Lightbulb,
  hash: Hash,
  flag: Flag,
} as const satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof ICONS;

/** Icons that point in the reading direction. */
const DIRECTED: readonly IconName[] = ['back', 'send'];

/** An icon next to a text that says the same; hidden from screen readers. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  const Shape = ICONS[name];
  return (
    <Shape
      // A size in `className` overrides this one.
      size="1rem"
      strokeWidth={1.8}
      className={`${className} shrink-0 ${DIRECTED.includes(name) ? 'rtl:-scale-x-100' : ''}`}
      aria-hidden="true"
    />
  );
}
