/** What the shell itself says; everything else is the user interface's. */
export const STRINGS = {
  name: 'Aside',
  show: 'Show Aside',
  quit: 'Quit Aside',
  unread: (count: number) => (count === 0 ? 'Aside' : `Aside: ${count} unread`),
  cannotOpen: 'This link could not be opened.',
  noNotifications: 'This system shows no notifications.',
} as const;
