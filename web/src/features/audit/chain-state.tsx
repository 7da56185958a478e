// Whether the chain of the audit holds, in one line, with the checkpoint and its key behind it. Refuses to say "verified" of what was not
// looked at: the server recomputes it for this answer.
import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Banner, Button, Popover, Skeleton } from "../../ui";
import { grouped } from "./words";

const w = text.audit;

export function ChainState() {
  const { data, isError, isPending } = useQuery<Schemas["AuditChainView"], ApiError>({
    queryKey: ["audit", "chain"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/audit/chain", { signal })),
    refetchInterval: 30_000,
  });
  if (isPending) {
    return (
      <span role="status" className="inline-flex items-center gap-2 text-sm text-muted">
        <Skeleton className="h-3 w-40" />
        <span className="sr-only">{w.verifying}</span>
      </span>
    );
  }
  if (isError || data === undefined) {
    return <span className="text-sm text-muted">{w.chainFailed}</span>;
  }
  if (data.breaks_at !== undefined && data.breaks_at !== null) {
    return (
      <Banner tone="bad" title={w.broken(grouped(data.breaks_at))}>
        {w.brokenHint}
      </Banner>
    );
  }
  return (
    <Popover
      title={w.chainDetails}
      trigger={
        <Button variant="ghost" size="sm" icon={<ShieldCheck aria-hidden="true" size={16} className="text-ok" />}>
          {w.verified(grouped(data.verified_to))}
        </Button>
      }
    >
      <Checkpoint chain={data} />
    </Popover>
  );
}

function Checkpoint({ chain }: { chain: Schemas["AuditChainView"] }) {
  const signed = chain.checkpoint;
  return (
    <div className="flex w-80 max-w-full flex-col gap-2 text-sm">
      {signed ? (
        <>
          <p>
            {w.signed(grouped(signed.seq))}, <Time at={signed.at} style="full" />
          </p>
          <Code term={w.publicKey} value={signed.public_key} />
          <p className="text-muted">{w.publicKeyHint}</p>
        </>
      ) : (
        <p className="flex items-center gap-1.5">
          <ShieldAlert aria-hidden="true" size={14} /> {w.notSigned}
        </p>
      )}
      <Code term={w.lastHash} value={chain.last_hash} />
    </div>
  );
}

/** Digits that are read out and copied rather than read. */
export function Code({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <div className="text-xs text-muted">{term}</div>
      <code className="font-mono text-xs break-all select-all">{value}</code>
    </div>
  );
}
