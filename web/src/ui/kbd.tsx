// Keys as one would press them. What keys a command has: keys/registry.ts.

import { Fragment } from "react";
import { text } from "../text/en";
import { classNames } from "./class-names";

export type KbdProps = {
  /** Ready to show, such as ["Ctrl", "K"], or ["g", "then", "i"] with `then` in between. */
  keys: readonly string[];
  inverted?: boolean | undefined;
};

export function Kbd({ keys, inverted }: KbdProps) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1 font-mono text-xs">
      {keys.map((key, index) =>
        key === text.shell.keys.thenWord ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the keys of one shortcut never change their order
          <Fragment key={index}>
            <span className={classNames("font-sans", inverted ? "opacity-80" : "text-muted")}>{key}</span>
          </Fragment>
        ) : (
          <kbd
            // biome-ignore lint/suspicious/noArrayIndexKey: the keys of one shortcut never change their order
            key={index}
            className={classNames(
              "inline-flex h-5 min-w-5 items-center justify-center rounded-sm border px-1 font-mono leading-none",
              inverted ? "border-current/40" : "border-line bg-bg text-muted",
            )}
          >
            {key}
          </kbd>
        ),
      )}
    </span>
  );
}
