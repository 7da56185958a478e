// What a case is: number, caption, status, client, team, who is assigned; and what can be done with it as a whole. Refuses the inbox and
// the contacts: see case-view.tsx.
import {
  ArrowLeft,
  BrickWall,
  ExternalLink,
  FileArchive,
  FolderCheck,
  FolderOpen,
  MoreHorizontal,
  Pencil,
  ScrollText,
  Search,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../api/client";
import { useCommands } from "../../keys/registry";
import { useAllowed, useCounts } from "../../live/hooks";
import type { CaseView as CaseData } from "../../live/model";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Badge, ConfirmDialog, harmless, IconButton, Menu, type MenuItem, plain } from "../../ui";
import { changeCase, mayManageCases } from "./case-acts";
import { CaseDialog } from "./case-dialog";
import { caseHref, contactHref, LINK, ScreenLink, usePlace } from "./place";
import { sentence, useAct } from "./use-act";

const w = text.cases;
// Administration is fetched when it is opened.
const WallsOfCase = lazy(() => import("../admin/walls").then((m) => ({ default: m.WallsOfCase })));

/** `isReading`: a thread is open, which takes the room of the details where there is little. */
export function CaseHeader({ found, isReading }: { found: CaseData; isReading: boolean }) {
  const place = usePlace();
  const counts = useCounts({ case_id: found.mycase_case_id });
  const unclaimed = counts?.unclaimed ?? 0;
  return (
    <header className="@container/head border-b border-line bg-surface px-4 py-2.5">
      <div className="flex items-start gap-3">
        {place === "app" ? (
          <ScreenLink
            href="/cases"
            aria-label={w.back}
            title={w.back}
            className="-ml-1.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
          >
            <ArrowLeft aria-hidden="true" size={18} />
          </ScreenLink>
        ) : null}
        <div className="min-w-0 flex-1">
          <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-0.5">
            <h1 className="min-w-0 text-lg font-semibold wrap-anywhere">
              <span className="mr-2 font-normal text-muted">{found.mycase_case_id}</span>
              <bdi>{harmless(found.name)}</bdi>
            </h1>
            <Badge tone={found.status === "open" ? "ok" : "neutral"}>
              {found.status === "open" ? w.statusOpen : w.statusClosed}
            </Badge>
            {unclaimed > 0 ? (
              <Badge tone="warn">
                <span title={w.unclaimed(unclaimed)}>{w.unclaimedShort(unclaimed)}</span>
              </Badge>
            ) : null}
          </div>
          <div className={isReading ? "@max-[720px]/head:hidden" : undefined}>
            <Facts found={found} />
          </div>
        </div>
        <CaseMenu found={found} />
      </div>
    </header>
  );
}

function Facts({ found }: { found: CaseData }) {
  const assigned = found.assigned.map(({ name }) => plain(name)).join(", ");
  return (
    <dl aria-label={w.details} className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-muted">
      <Fact term={w.client}>
        {found.client_contact_id ? (
          <ScreenLink href={contactHref(found.client_contact_id)} className={LINK}>
            <bdi>{plain(found.client_name ?? "")}</bdi>
          </ScreenLink>
        ) : (
          w.noClient
        )}
      </Fact>
      <Fact term={w.team}>{found.team_name ? <bdi>{harmless(found.team_name)}</bdi> : w.noTeam}</Fact>
      <Fact term={w.columns.assigned}>{assigned ? <bdi>{harmless(assigned)}</bdi> : w.nobodyAssigned}</Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0">{term}</dt>
      <dd className="min-w-0 text-ink wrap-anywhere">{children}</dd>
    </div>
  );
}

function CaseMenu({ found }: { found: CaseData }) {
  const [asked, setAsked] = useState<"edit" | "close" | "walls">();
  const place = usePlace();
  const act = useAct();
  const toasts = useToasts();
  const number = found.mycase_case_id;
  const isOpen = found.status === "open";
  const allowed = useAllowed();
  const [, go] = useLocation();
  const canManage = mayManageCases(allowed);
  useCommands(
    [
      {
        id: "case.edit",
        label: w.commandEdit,
        keys: [],
        scope: "case",
        when: () => canManage,
        run: () => setAsked("edit"),
      },
    ],
    [canManage],
  );
  const setStatus = async (status: CaseData["status"]) => {
    if (await act.run(() => changeCase(number, { status }))) {
      setAsked(undefined);
      const back = status === "closed" ? ("open" as const) : ("closed" as const);
      toasts.show({
        tone: "ok",
        text: status === "closed" ? w.closed(number) : w.reopened(number),
        action: { label: text.shell.undo, run: () => changeCase(number, { status: back }).then(() => undefined) },
      });
    }
  };
  const reopen = () =>
    changeCase(number, { status: "open" }).then(
      () => toasts.show({ tone: "ok", text: w.reopened(number) }),
      (thrown: unknown) => toasts.show({ tone: "bad", text: sentence(ApiError.of(thrown)) }),
    );
  const items: MenuItem[] = [];
  if (place === "embed") {
    items.push({
      id: "app",
      label: text.embed.openInCasewire,
      icon: <ExternalLink size={15} />,
      onSelect: () => void globalThis.open(caseHref(number), "_blank", "noopener"),
    });
  }
  if (place === "app" && allowed.sms > 0) {
    items.push({
      id: "record",
      label: text.record.toRecord,
      icon: <FileArchive size={15} />,
      onSelect: () => go(`${caseHref(number)}/communications`),
    });
  }
  if (place === "app" && allowed.audit > 0) {
    items.push({
      id: "activity",
      label: text.audit.toActivity,
      icon: <ScrollText size={15} />,
      onSelect: () => go(`${caseHref(number)}/activity`),
    });
  }
  if (place === "app") {
    const search = () => go(`/search?case=${encodeURIComponent(number)}`);
    items.push({ id: "search", label: text.search.inThisCase, icon: <Search size={15} />, onSelect: search });
  }
  if (place === "app" && allowed.settings > 0) {
    const open = () => setAsked("walls");
    items.push({ id: "walls", label: text.walls.ofCase, icon: <BrickWall size={15} />, onSelect: open });
  }
  if (canManage) {
    items.push(
      { id: "edit", label: w.edit, icon: <Pencil size={15} />, onSelect: () => setAsked("edit") },
      isOpen
        ? { id: "close", label: w.closeCase, icon: <FolderCheck size={15} />, onSelect: () => setAsked("close") }
        : { id: "reopen", label: w.reopenCase, icon: <FolderOpen size={15} />, onSelect: () => void reopen() },
    );
  }
  if (items.length === 0) {
    return null;
  }
  return (
    <>
      <Menu
        items={items}
        trigger={<IconButton label={w.actions} noTooltip icon={<MoreHorizontal aria-hidden="true" size={18} />} />}
      />
      {asked === "walls" ? (
        <Suspense>
          <WallsOfCase number={number} onClose={() => setAsked(undefined)} />
        </Suspense>
      ) : null}
      {asked === "edit" ? <CaseDialog found={found} onClose={() => setAsked(undefined)} /> : null}
      <ConfirmDialog
        open={asked === "close"}
        onOpenChange={() => setAsked(undefined)}
        title={w.closeTitle(number)}
        description={w.closeDescription}
        confirmLabel={w.closeCase}
        busy={act.busy}
        error={act.beyond()}
        onConfirm={() => void setStatus("closed")}
      />
    </>
  );
}
