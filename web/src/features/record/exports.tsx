// Exports of a case: starting one, watching it, fetching it. While one is being made its progress is asked for each second. A file that
// is kept no longer says so. Refuses to make the file here: the server's job does.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FileArchive } from "lucide-react";
import { useState } from "react";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Time, timeWords } from "../../time/time";
import { currentZone } from "../../time/zone";
import { Badge, Banner, Button, buttonClass, Dialog, ErrorState, Field, Input, plain, type Tone } from "../../ui";
import { useAct } from "../cases/use-act";
import { type ExportFilter, sizeWords } from "./record-query";

type Export = Schemas["ExportView"];
const w = text.record;
const keyOf = (number: string) => ["exports", number] as const;
const isUnderWay = ({ state }: Export): boolean => state === "queued" || state === "running";

/** Every filter by name: what is not narrowed is null. */
function whole(filter: Chosen["filter"]): ExportFilter {
  return {
    channel: filter.channel ?? null,
    direction: filter.direction ?? null,
    contact_id: filter.contact_id ?? null,
    role: filter.role ?? null,
    user_id: filter.user_id ?? null,
    from: filter.from ?? null,
    until: filter.until ?? null,
  };
}

type Chosen = { number: string; filter: { [Name in keyof ExportFilter]?: ExportFilter[Name] | undefined } };

export function ExportButton({ number, filter, isNarrowed }: Chosen & { isNarrowed: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<FileArchive aria-hidden="true" size={16} />} onClick={() => setOpen(true)}>
        {w.export}
      </Button>
      {isOpen ? (
        <ExportDialog number={number} filter={filter} isNarrowed={isNarrowed} onClose={() => setOpen(false)} />
      ) : null}
    </>
  );
}

function ExportDialog({ number, filter, isNarrowed, onClose }: Chosen & { isNarrowed: boolean; onClose: () => void }) {
  const [zone, setZone] = useState(currentZone());
  const act = useAct();
  const client = useQueryClient();
  const toasts = useToasts();
  const start = async () => {
    const done = await act.run(() =>
      unwrap(
        api.POST("/api/cases/{mycase_case_id}/exports", {
          params: { path: { mycase_case_id: number } },
          body: { filter: whole(filter), time_zone: zone.trim() },
        }),
      ),
    );
    if (done) {
      void client.invalidateQueries({ queryKey: keyOf(number) });
      toasts.show({ tone: "ok", text: w.started });
      onClose();
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={w.exportTitle(number)}
      description={w.exportDescription}
      busy={act.busy}
      onSubmit={() => void start()}
      footer={
        <>
          <Button onClick={onClose}>{text.shell.cancel}</Button>
          <Button variant="primary" type="submit" busy={act.busy}>
            {w.start}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {isNarrowed ? <Banner>{w.exportFiltered}</Banner> : null}
        <Field label={w.timeZone} hint={w.timeZoneHint} error={act.at("time_zone")}>
          <Input value={zone} onValueChange={setZone} autoComplete="off" spellCheck={false} />
        </Field>
        {act.beyond("time_zone") ? <Banner tone="bad">{act.beyond("time_zone")}</Banner> : null}
      </div>
    </Dialog>
  );
}

export function Exports({ number }: { number: string }) {
  const { data, error, refetch } = useQuery<readonly Export[], ApiError>({
    queryKey: keyOf(number),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET("/api/cases/{mycase_case_id}/exports", { params: { path: { mycase_case_id: number } }, signal }),
        )
      ).items,
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? 1000 : false),
  });
  if (error !== null && data === undefined) {
    return <ErrorState error={error} what={w.exportsWhat} onRetry={() => void refetch()} />;
  }
  if (data === undefined || data.length === 0) {
    return null;
  }
  return (
    <section aria-label={w.exports} className="max-w-4xl rounded-md border border-line bg-surface">
      <h2 className="border-b border-line bg-bg px-4 py-1.5 text-xs font-medium text-muted">{w.exports}</h2>
      <ul>
        {data.slice(0, 5).map((one) => (
          <li key={one.id} className="border-b border-line px-4 py-2.5 last:border-b-0">
            <OneExport number={number} found={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const TONES: Record<Export["state"], Tone> = {
  queued: "neutral",
  running: "ours",
  ready: "ok",
  failed: "bad",
  expired: "neutral",
};

function OneExport({ number, found }: { number: string; found: Export }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <Badge tone={TONES[found.state]}>{w.states[found.state]}</Badge>
      <span className="min-w-0 flex-1 text-sm">
        <Time at={found.created_at} style="full" />{" "}
        <span className="text-muted">
          {w.askedBy(plain(found.asked_by.name))}, {found.time_zone}
        </span>
      </span>
      <Outcome number={number} found={found} />
    </div>
  );
}

function Outcome({ number, found }: { number: string; found: Export }) {
  switch (found.state) {
    case "queued":
    case "running":
      return (
        <span role="status" className="flex items-center gap-2 text-sm text-muted tabular-nums">
          <progress
            aria-label={w.progressLabel}
            max={Math.max(1, found.items_total)}
            value={found.items_done}
            className="h-1.5 w-32 accent-accent"
          />
          {w.progress(found.items_done, found.items_total)}
        </span>
      );
    case "ready":
      return (
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
          <span>
            {w.entries(found.items_done)}, {sizeWords(found.size_bytes ?? 0)}
          </span>
          {found.expires_at ? (
            <span>
              {w.keptUntil} <Time at={found.expires_at} style="full" />
            </span>
          ) : null}
          <a
            href={`/api/cases/${encodeURIComponent(number)}/exports/${found.id}/file`}
            download
            aria-label={w.downloadOf(timeWords(found.created_at, "full"))}
            className={buttonClass("secondary", "sm")}
          >
            <Download aria-hidden="true" size={14} /> {w.download}
          </a>
        </span>
      );
    case "failed":
      return <span className="text-sm text-bad">{w.failures[found.error_code ?? "defect"] ?? w.failures.defect}</span>;
    case "expired":
      return <span className="text-sm text-muted">{w.expiredHint}</span>;
  }
}
