/** The part of the window's store that one slice reads and changes; its type names the slices that this one builds on. */
export interface SliceStore<State> {
  getState(): State;
  setState(change: Partial<State> | ((state: State) => Partial<State>)): void;
}
