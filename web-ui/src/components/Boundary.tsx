/** Keeps what fails in one part of the page from taking the rest away with it. */
import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  /** Shown instead of what failed. */
  failed?: ReactNode;
  /** Called with what failed: a part that could not be loaded, or one with a defect. */
  onFail: () => void;
}

export class Boundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(): void {
    this.props.onFail();
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.failed : this.props.children;
  }
}
