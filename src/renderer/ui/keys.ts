interface Key {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** What Safari's last key of a composition has for a code: it says that nothing is composed any longer. */
const COMPOSED = 229;

/** The key belongs to an input method that puts a word together, and means nothing else: no sending, no choosing. */
export function composes({ nativeEvent: { isComposing, keyCode } }: { readonly nativeEvent: Key }): boolean {
  return isComposing || keyCode === COMPOSED;
}

/** Keys have other names on this computer, and some another meaning in a text. */
export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
