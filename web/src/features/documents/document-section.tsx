// The documents of a case or of a person: added by button or by dropping files, each with its versions and who got them; and what came with
// texts. Refuses to add for who may not write there.
import { FileUp, FolderOpen } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { text } from "../../text/en";
import { Button, classNames, EmptyState, ErrorState, SkeletonRows } from "../../ui";
import { DocumentRow } from "./document-row";
import { ReceivedRow } from "./received-row";
import { type DocumentPlace, useDocuments, useFlow } from "./requests";
import { useUpload } from "./use-upload";

const w = text.documents;

export function DocumentSection({ place }: { place: DocumentPlace }) {
  const mayAdd = useAllowed().sms >= 2;
  const documents = useDocuments(place);
  const flow = useFlow(place);
  const { busyWith, add } = useUpload(place);
  const input = useRef<HTMLInputElement>(null);
  const drop = useDrop(mayAdd ? add : undefined);
  const received = (flow.data ?? []).filter((entry) => entry.direction === "inbound");
  const found = documents.data;
  const button = mayAdd ? (
    <Button
      size="sm"
      icon={<FileUp aria-hidden="true" size={15} />}
      busy={busyWith !== undefined}
      onClick={() => input.current?.click()}
    >
      {w.add}
    </Button>
  ) : null;
  return (
    <section aria-label={w.listLabel} className="relative flex min-h-full flex-col" {...drop.handlers}>
      <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <h2 className="text-base font-semibold">{w.title}</h2>
        {button}
      </header>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={w.add}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <p role="status" className={classNames("px-4 text-sm text-muted", busyWith === undefined && "sr-only")}>
        {busyWith === undefined ? "" : w.uploading(busyWith)}
      </p>
      {found === undefined && documents.error === null ? <SkeletonRows rows={3} /> : null}
      {found === undefined && documents.error !== null ? (
        <ErrorState error={ApiError.of(documents.error)} what={w.what} onRetry={() => void documents.refetch()} />
      ) : null}
      {found?.length === 0 && received.length === 0 ? (
        <EmptyState
          icon={<FolderOpen size={20} />}
          title={place.case_id !== undefined ? w.empty : w.emptyContact}
          hint={mayAdd ? w.emptyHint : undefined}
        />
      ) : null}
      {found !== undefined && found.length > 0 ? (
        <ul>
          {found.map((document) => (
            <DocumentRow key={document.id} document={document} />
          ))}
        </ul>
      ) : null}
      {received.length > 0 ? (
        <section aria-label={w.receivedLabel} className="pt-2">
          <h3 className="px-4 pt-2 pb-1 text-sm font-semibold text-muted">{w.receivedLabel}</h3>
          <ul>
            {received.map((entry) => (
              <ReceivedRow key={`${entry.message_id} ${entry.position}`} entry={entry} />
            ))}
          </ul>
        </section>
      ) : null}
      {drop.isOver ? (
        <div className="pointer-events-none absolute inset-2 z-10 flex flex-col items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft/90">
          <p className="font-semibold">{w.drop}</p>
          <p className="text-sm text-muted">{w.dropHint}</p>
        </div>
      ) : null}
    </section>
  );
}

/** Files that are dropped here. The button does the same for who has no mouse. */
export function useDrop(add: ((files: readonly File[]) => void) | undefined) {
  const [depth, setDepth] = useState(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  if (add === undefined) {
    return { isOver: false, handlers: {} };
  }
  return {
    isOver: depth > 0,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((now) => now + 1);
      },
      onDragLeave: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((now) => Math.max(0, now - 1));
      },
      onDragOver: (event: DragEvent) => {
        if (hasFiles(event)) event.preventDefault();
      },
      onDrop: (event: DragEvent) => {
        setDepth(0);
        if (event.dataTransfer.files.length > 0) {
          event.preventDefault();
          add([...event.dataTransfer.files]);
        }
      },
    },
  };
}
