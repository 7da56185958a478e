// Keeps a fault of one screen from taking the others with it: says so, and offers to load the page anew. A screen whose file
// is not on the server any more, because the server was replaced, ends up here as well.
import { Component, type ReactNode } from "react";
import { text } from "../text/en";
import { Button, EmptyState } from "../ui";

type Props = { children: ReactNode /** Another place begins anew. */; place: string };
type State = { failedAt: string | undefined };

export class CrashBarrier extends Component<Props, State> {
  override state: State = { failedAt: undefined };

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return state.failedAt !== undefined && state.failedAt !== "" && state.failedAt !== props.place
      ? { failedAt: undefined }
      : null;
  }

  override componentDidCatch(): void {
    this.setState({ failedAt: this.props.place });
  }

  static getDerivedStateFromError(): State {
    return { failedAt: "" };
  }

  override render(): ReactNode {
    if (this.state.failedAt === undefined) {
      return this.props.children;
    }
    return (
      <div role="alert">
        <EmptyState
          title={text.session.crashedTitle}
          hint={text.session.crashedHint}
          action={
            <Button variant="primary" onClick={() => location.reload()}>
              {text.session.reload}
            </Button>
          }
        />
      </div>
    );
  }
}
