/**
 * The store of the window as one slice of its actions sees it. `State` is the state of that slice and of the slices that it
 * builds on, so the types show which slices depend on which.
 */
export interface SliceStore<State> {
  getState(): State;
  /** Merges the change into the state; other members keep their values. */
  setState(change: Partial<State> | ((state: State) => Partial<State>)): void;
}
