/** Keeps a fault of the drawing from leaving a blank tab: it is said, and the graph can be drawn again. */
import { Component, type ReactElement, type ReactNode } from 'react';

interface GuardProps {
  readonly children: ReactNode;
}

export class Guard extends Component<GuardProps, { readonly fault?: string }> {
  override state: { readonly fault?: string } = {};

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactElement {
    const { fault } = this.state;
    if (fault === undefined) return <>{this.props.children}</>;
    return (
      <div className="hs-Graph-empty" role="alert">
        The graph could not be drawn: {fault} The notebook is as it was.{' '}
        <button type="button" className="hs-Graph-button" onClick={() => this.setState({ fault: undefined })}>
          Draw it again
        </button>
      </div>
    );
  }
}
