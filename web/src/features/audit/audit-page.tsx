// The audit of the firm: whether its chain holds, and its entries.
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { AuditList } from "./audit-list";
import { ChainState } from "./chain-state";

const w = text.audit;

export function AuditPage() {
  usePageTitle(w.title);
  return (
    <AuditList
      heading={
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold">{w.title}</h1>
          <ChainState />
        </div>
      }
    />
  );
}
