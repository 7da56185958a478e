// The way from a screen about a case back to the case.
import { ArrowLeft } from "lucide-react";
import { text } from "../../text/en";
import { caseHref, ScreenLink } from "../cases/place";

export function BackToCase({ number }: { number: string }) {
  return (
    <ScreenLink
      href={caseHref(number)}
      aria-label={text.record.back}
      title={text.record.back}
      className="-ml-1.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
    >
      <ArrowLeft aria-hidden="true" size={18} />
    </ScreenLink>
  );
}
