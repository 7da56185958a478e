// The tray of a text that is being written: what goes with it, with small pictures, and what stands in the way.
import { FileText, X } from "lucide-react";
import { text } from "../../text/en";
import { IconButton, Spinner, UntrustedText } from "../../ui";
import type { Attached, Attachments } from "./attachments";
import { Picture } from "./picture";
import { documentContent, isPicture } from "./requests";

const w = text.documents;

export function AttachmentTray({ attachments }: { attachments: Attachments }) {
  const { all, obstacle, total } = attachments;
  if (all.length === 0) {
    return null;
  }
  return (
    <div className="px-3 pt-2">
      <ul aria-label={w.tray} className="flex flex-wrap gap-2">
        {all.map((one) => (
          <Item key={one.key} one={one} onRemove={() => attachments.remove(one.key)} />
        ))}
      </ul>
      <p
        role="status"
        className={obstacle === undefined ? "mt-1 text-muted text-xs" : "mt-1 font-medium text-bad text-sm"}
      >
        {obstacle ?? w.total(w.size(total))}
      </p>
    </div>
  );
}

function Item({ one, onRemove }: { one: Attached; onRemove: () => void }) {
  return (
    <li className="flex max-w-full items-center gap-2 rounded-md border border-line bg-bg py-1 pr-1 pl-1.5">
      <Preview one={one} />
      <span className="min-w-0 max-w-40">
        <span className="block truncate text-sm">
          <UntrustedText text={one.name} />
        </span>
        <span className="block text-muted text-xs">{w.size(one.size)}</span>
      </span>
      <IconButton
        size="sm"
        noTooltip
        label={w.remove(one.name)}
        icon={<X aria-hidden size={14} />}
        onClick={onRemove}
      />
    </li>
  );
}

function Preview({ one }: { one: Attached }) {
  if (one.state === "uploading") {
    return (
      <span className="flex size-9 shrink-0 items-center justify-center">
        <Spinner label={w.attaching(one.name)} />
      </span>
    );
  }
  if (one.documentId !== undefined && one.version !== undefined && isPicture(one.contentType)) {
    const path = documentContent(one.documentId, one.version);
    return <Picture path={path} name={one.name} className="size-9 shrink-0 rounded-sm object-cover" />;
  }
  return (
    <span className="flex size-9 shrink-0 items-center justify-center text-muted">
      <FileText aria-hidden size={18} />
    </span>
  );
}
