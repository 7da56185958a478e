// All that an entry of the audit holds, and the way from it to others like it.
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Button, Dialog, plain } from "../../ui";
import { caseHref, LINK, ScreenLink } from "../cases/place";
import type { AuditEntry, FilterName } from "./audit-query";
import { Code } from "./chain-state";
import { actWords, grouped, outcomeWords } from "./words";

const w = text.audit;

export type EntryDialogProps = {
  entry: AuditEntry;
  onClose: () => void;
  /** Narrows the list behind it. */
  onOnly: (filter: Partial<Record<FilterName, string>>) => void;
  /** The list is of one case already. */
  ofOneCase: boolean;
};

export function EntryDialog({ entry, onClose, onOnly, ofOneCase }: EntryDialogProps) {
  const only = (filter: Partial<Record<FilterName, string>>) => () => {
    onClose();
    onOnly(filter);
  };
  return (
    <Dialog open onOpenChange={onClose} title={w.entryTitle(grouped(entry.seq))} size="lg">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-2 text-base">
        <Row term={w.fields.at}>
          <Time at={entry.at} style="full" />
        </Row>
        <Row term={w.fields.who}>{entry.user ? <bdi>{plain(entry.user.name)}</bdi> : w.system}</Row>
        <Row term={w.fields.what}>
          {actWords(entry)} <code className="font-mono text-xs break-all text-muted">{entry.act}</code>
        </Row>
        <Row term={w.fields.outcome}>{outcomeWords(entry.outcome)}</Row>
        {entry.mycase_case_id ? (
          <Row term={w.fields.case}>
            <ScreenLink href={caseHref(entry.mycase_case_id)} className={LINK}>
              {entry.mycase_case_id} <bdi>{plain(entry.case_name ?? "")}</bdi>
            </ScreenLink>
          </Row>
        ) : null}
        {entry.contact_name ? (
          <Row term={w.fields.contact}>
            <bdi>{plain(entry.contact_name)}</bdi>
          </Row>
        ) : null}
        {entry.subject ? (
          <Row term={w.fields.subject}>
            <code className="font-mono text-xs break-all">{entry.subject}</code>
          </Row>
        ) : null}
        {entry.detail ? (
          <Row term={w.fields.detail}>
            <code className="font-mono text-xs break-all">{entry.detail}</code>
          </Row>
        ) : null}
      </dl>
      <div className="mt-4 flex flex-col gap-2 border-t border-line pt-3">
        <Code term={w.fields.hash} value={entry.hash} />
        {entry.previous_hash ? (
          <Code term={w.fields.previous} value={entry.previous_hash} />
        ) : (
          <p className="text-sm text-muted">{w.first}</p>
        )}
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        {entry.user ? (
          <Button size="sm" onClick={only({ user_id: entry.user.id })}>
            {w.onlyThisUser}
          </Button>
        ) : null}
        {entry.mycase_case_id && !ofOneCase ? (
          <Button size="sm" onClick={only({ case: entry.mycase_case_id })}>
            {w.onlyThisCase}
          </Button>
        ) : null}
        {entry.contact_id ? (
          <Button size="sm" onClick={only({ contact_id: entry.contact_id })}>
            {w.onlyThisContact}
          </Button>
        ) : null}
        {entry.subject ? (
          <Button size="sm" onClick={only({ subject: entry.subject })}>
            {w.onlyThisItem}
          </Button>
        ) : null}
      </div>
    </Dialog>
  );
}

function Row({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
