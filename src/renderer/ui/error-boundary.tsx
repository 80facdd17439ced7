import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** The content is shown again after an error as soon as this value changes. */
  readonly content: unknown;
  /** Shown instead of content that cannot be shown. */
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly failed: boolean;
  readonly content: unknown;
}

/** Keeps an error while a part of the window is shown to that part (G11). */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false, content: this.props.content };

  static getDerivedStateFromError(): Partial<ErrorBoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    { content }: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): Partial<ErrorBoundaryState> | null {
    return content === state.content ? null : { failed: false, content };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
