// What was done, read and refused in one case.
import { useParams } from "wouter";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { BackToCase } from "../record/back-to-case";
import { AuditList } from "./audit-list";

const w = text.audit;

export function ActivityPage() {
  const { number = "" } = useParams<{ number: string }>();
  usePageTitle(w.activityTitle(number));
  return (
    <AuditList
      key={number}
      caseNumber={number}
      heading={
        <div className="flex min-w-0 items-center gap-1">
          <BackToCase number={number} />
          <h1 className="min-w-0 text-xl font-semibold wrap-anywhere">{w.activityTitle(number)}</h1>
        </div>
      }
    />
  );
}
