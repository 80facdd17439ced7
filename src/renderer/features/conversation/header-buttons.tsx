import { useRunAction } from '../../actions/use-actions.ts';
import { searchConversation } from '../../actions/window-actions.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';

/** The search and details buttons in the header of a conversation or private session. @param className other colours */
export function HeaderButtons({ className = '' }: { className?: string }) {
  const strings = useStrings();
  const actions = useActions();
  const run = useRunAction();
  const detailsShown = useAppState(
    ({ hostState, search }) => hostState.preferences.detailsOpen && search === undefined,
  );
  return (
    <>
      <IconButton
        icon="search"
        label={searchConversation.label(strings)}
        onClick={() => run(searchConversation, undefined)}
        className={className}
      />
      <IconButton
        icon="panel"
        label={detailsShown ? strings.conversation.hideDetails : strings.conversation.details}
        aria-pressed={detailsShown}
        onClick={() => {
          actions.navigation.toggleDrawer(false);
          actions.preferences.change({ detailsOpen: !detailsShown });
        }}
        className={`@max-[68.75rem]:hidden ${className}`}
      />
      <IconButton
        icon="panel"
        label={strings.conversation.details}
        onClick={() => actions.navigation.toggleDrawer(true)}
        className={`@[68.75rem]:hidden ${className}`}
      />
    </>
  );
}
