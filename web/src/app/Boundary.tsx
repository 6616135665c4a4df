import { Component, type ReactNode } from "react";
import i18next from "i18next";

/** A part that fails says so and leaves the rest of the page alone. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <p className="problem" role="alert">
        {i18next.t("app.broken")}{" "}
        <button type="button" onClick={() => location.reload()}>{i18next.t("app.reload")}</button>
      </p>
    );
  }
}
