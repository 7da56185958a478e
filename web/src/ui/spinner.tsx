// A sign that something runs, shown only after 150 ms so that quick things do not flicker. Skeletons: skeleton.tsx.

import { LoaderCircle } from "lucide-react";
import { classNames } from "./class-names";

export type SpinnerProps = { label?: string | undefined; size?: number | undefined; className?: string | undefined };

export function Spinner({ label, size = 16, className }: SpinnerProps) {
  const turning = <LoaderCircle aria-hidden="true" size={size} className={classNames("animate-spin", className)} />;
  if (!label) {
    return turning;
  }
  return (
    <span role="status" className="animate-appear inline-flex items-center gap-2 text-muted">
      {turning}
      <span>{label}</span>
    </span>
  );
}
