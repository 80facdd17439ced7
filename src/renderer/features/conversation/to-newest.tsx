import { useStrings } from '../../ui/app-context.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';

/** Scrolls to the newest message; shows the number of unread messages below. */
export function ToNewest({ unread, onPress }: { unread: number; onPress: () => void }) {
  const strings = useStrings();
  const label = unread === 0 ? strings.conversation.toNewest : strings.conversation.newBelow(unread);
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        onClick={onPress}
        className="absolute end-5 bottom-4 flex h-9 min-w-9 items-center justify-center gap-1 rounded-full border border-line bg-panel px-2 text-ink-2 shadow-soft hover:bg-ground hover:text-ink"
      >
        <Icon name="down" className="size-[1.15rem]" />
        {unread === 0 ? null : (
          <span className="badge min-w-[1.15rem] rounded-full bg-accent px-1.5 text-center text-[0.72rem] font-bold text-accent-ink">
            {unread}
          </span>
        )}
      </button>
    </Tooltip>
  );
}
