// Calls that were: all that one may see, missed ones, voicemails, one's own; each leads to its conversation, and can be called back.
import { Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Voicemail } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "wouter";
import { useAllowed } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import {
  Badge,
  Button,
  classNames,
  EmptyState,
  ErrorState,
  IconButton,
  PersonName,
  plain,
  Skeleton,
  SkeletonRows,
} from "../../ui";
import { useDispositions } from "./agents";
import { agentWords, isMissed, kindWord, lengthOf, nameOf, statusWord } from "./call-words";
import { reasonNotToCall, requestCall } from "./calling";
import { HISTORIES, type History, useHistory } from "./history";

const w = text.phone;
const RecordingPlayer = lazy(() => import("./recording-player").then((m) => ({ default: m.RecordingPlayer })));

export function Recents() {
  const [which, setWhich] = useState<History>("all");
  const history = useHistory(which);
  const calls = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="phone-recents" className="min-w-0">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="phone-recents" className="text-base font-semibold">
          {w.page.recents}
        </h2>
        {/* biome-ignore lint/a11y/useSemanticElements: a set of buttons that is no form */}
        <div role="group" aria-label={w.page.filter} className="flex flex-wrap gap-1">
          {HISTORIES.map((one) => (
            <Button
              key={one}
              size="sm"
              variant={one === which ? "primary" : "secondary"}
              aria-pressed={one === which}
              onClick={() => setWhich(one)}
            >
              {w.page.filters[one]}
            </Button>
          ))}
        </div>
      </div>
      {history.isPending ? <SkeletonRows rows={6} /> : null}
      {history.isError && history.data === undefined ? (
        <ErrorState error={history.error} what={w.page.what} onRetry={() => void history.refetch()} />
      ) : null}
      {history.data !== undefined && calls.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState icon={<Phone size={20} />} title={w.page.empty[which]} hint={w.page.emptyHint} />
        </div>
      ) : null}
      <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-card empty:hidden">
        {calls.map((call) => (
          <Row key={call.id} call={call} />
        ))}
      </ul>
      {history.hasNextPage ? (
        <div className="mt-3 flex justify-center">
          <Button busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            {w.page.loadMore}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Row({ call }: { call: CallView }) {
  const { calls } = useAllowed();
  const { contact_id: contactId, case_contact_id: linkId } = call.person;
  const callBack = () => {
    const inCase = call.matter_id ?? undefined;
    const person = inCase && linkId ? { case_contact_id: linkId } : { contact_id: contactId ?? undefined };
    const target = call.lead_id
      ? { lead_id: call.lead_id }
      : { ...(inCase === undefined ? {} : { case_id: inCase }), ...person };
    void requestCall({ name: call.person.name, role: call.person.role, target, contactId });
  };
  return (
    <li className="flex flex-col gap-2 px-3 py-2.5">
      <div className="flex items-center gap-3">
        <Direction call={call} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2">
            {call.conversation_id ? (
              <Link
                href={`/inbox?conv=${encodeURIComponent(call.conversation_id)}`}
                title={w.page.open}
                className="max-w-full min-w-0 rounded-sm font-medium hover:underline"
              >
                <PersonName name={nameOf(call)} role={call.person.role} />
              </Link>
            ) : (
              <PersonName name={nameOf(call)} role={call.person.role} />
            )}
            <Outcome code={call.disposition} />
          </p>
          <p className="truncate text-sm text-muted">{line(call)}</p>
        </div>
        <span className="shrink-0 text-right text-sm text-muted">
          <Time at={call.at} style="short" />
        </span>
        {contactId ? (
          <IconButton
            label={w.page.callBack(nameOf(call))}
            reason={reasonNotToCall(calls, 1)}
            icon={<Phone aria-hidden="true" size={16} />}
            onClick={callBack}
          />
        ) : (
          <span className="size-8 shrink-0" />
        )}
      </div>
      {(call.recordings ?? [])
        .filter((recording) => recording.state === "ready")
        .map((recording) => (
          <div key={recording.id} className="pl-7">
            <Suspense fallback={<Skeleton className="h-10 w-full" />}>
              <RecordingPlayer callId={call.id} recording={recording} />
            </Suspense>
          </div>
        ))}
    </li>
  );
}

function line(call: CallView): string {
  const parts = [
    kindWord(call),
    isMissed(call) || call.status === "voicemail" || call.status === "completed" ? undefined : statusWord(call),
    call.duration_seconds > 0 ? lengthOf(call.duration_seconds) : undefined,
    call.matter_id ? w.inCase(plain(call.matter_id)) : undefined,
    call.user ? agentWords(call, plain(call.user.name)) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function Outcome({ code }: { code: string | null | undefined }) {
  const { data } = useDispositions();
  return code ? <Badge tone="ok">{data?.find((one) => one.code === code)?.label ?? code}</Badge> : null;
}

function Direction({ call }: { call: CallView }) {
  const isAlarm = isMissed(call) || call.status === "voicemail";
  const Icon =
    call.status === "voicemail"
      ? Voicemail
      : isMissed(call)
        ? PhoneMissed
        : call.direction === "inbound"
          ? PhoneIncoming
          : PhoneOutgoing;
  return <Icon aria-hidden="true" size={16} className={classNames("shrink-0", isAlarm ? "text-warn" : "text-muted")} />;
}
