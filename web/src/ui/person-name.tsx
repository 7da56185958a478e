// A person and their role in a case. Its text is "Jane Smith - Witness", as the requirement writes it; drawn is a badge. Names are
// isolated from the text around them, clipped to their place, and safe against bidi controls.

import { classNames } from "./class-names";
import { RoleBadge } from "./role-badge";
import { harmless, plain } from "./untrusted";

export type PersonNameProps = {
  name: string;
  role?: string | null | undefined;
  /** Wraps instead of being clipped. */
  whole?: boolean | undefined;
  strong?: boolean | undefined;
  className?: string | undefined;
};

export function PersonName({ name, role, whole, strong, className }: PersonNameProps) {
  return (
    <span
      className={classNames("inline-flex max-w-full min-w-0 items-center gap-1.5", whole && "flex-wrap", className)}
    >
      <bdi
        className={classNames("min-w-0", whole ? "wrap-anywhere" : "truncate", strong && "font-semibold")}
        title={plain(name)}
      >
        {harmless(name)}
      </bdi>
      {role ? (
        <>
          <span className="sr-only"> - </span>
          <RoleBadge role={role} className="max-w-[60%]" />
        </>
      ) : null}
    </span>
  );
}
