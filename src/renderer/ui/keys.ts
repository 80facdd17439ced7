interface Key {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/** Safari's key code for the last key of a composition; `isComposing` is false there already. */
const COMPOSED = 229;

/** Whether a key press belongs to an input method that composes a word, so that it must not send or choose anything. */
export function composes({ nativeEvent: { isComposing, keyCode } }: { readonly nativeEvent: Key }): boolean {
  return isComposing || keyCode === COMPOSED;
}

/** Whether this is a Mac, where keys have other names and some have another meaning in a text. */
export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
