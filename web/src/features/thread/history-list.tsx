// What happened to a text, a line a step, as the routing receipt's history tells it.
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { UntrustedText } from "../../ui";
import { stepSentence } from "./routing-sentences";

export function HistoryList({ label, steps }: { label: string; steps: readonly Schemas["StepView"][] }) {
  if (steps.length === 0) return null;
  return (
    <section aria-label={label}>
      <h3 className="mb-1 font-medium text-muted text-xs">{text.thread.history}</h3>
      <ol className="m-0 flex list-none flex-col gap-1 p-0">
        {steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its end
          <li key={at} className="flex gap-3">
            <span className="min-w-0 flex-1">
              <UntrustedText text={stepSentence(step)} />
            </span>
            <Time at={step.at} style="short" className="shrink-0 text-muted text-xs" />
          </li>
        ))}
      </ol>
    </section>
  );
}
