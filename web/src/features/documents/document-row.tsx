// One document in a list: its latest version, the way to open it, its other versions, and who got it.
import { Download, FileText, Route } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { IconButton, plain, UntrustedText } from "../../ui";
import { sentence } from "../thread/thread-acts";
import { FlowDialog } from "./flow-dialog";
import { Thumbnail } from "./picture";
import { type DocumentView, documentContent, isPicture, kindWord, saveContent } from "./requests";

const w = text.documents;
type Version = DocumentView["versions"][number];

export function DocumentRow({ document }: { document: DocumentView }) {
  const [isShowingFlow, setShowingFlow] = useState(false);
  const [latest, ...older] = document.versions;
  const name = plain(document.name);
  if (latest === undefined) {
    return null;
  }
  const path = documentContent(document.id, latest.number);
  return (
    <li className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0">
      {isPicture(latest.content_type) ? (
        <Thumbnail path={path} name={name} className="size-10" />
      ) : (
        <span className="flex size-10 shrink-0 items-center justify-center rounded-md border border-line bg-bg text-muted">
          <FileText aria-hidden="true" size={18} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          <UntrustedText text={document.name} />
        </p>
        <VersionLine version={latest} />
        {older.length > 0 ? (
          <details className="mt-1 text-sm">
            <summary className="cursor-pointer text-accent">{w.versions(document.versions.length)}</summary>
            <ul className="mt-1 flex flex-col gap-1">
              {older.map((version) => (
                <li key={version.number} className="flex items-start gap-2">
                  <div className="min-w-0 flex-1">
                    <VersionLine version={version} />
                  </div>
                  <SaveButton
                    path={documentContent(document.id, version.number)}
                    name={name}
                    version={version.number}
                  />
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
      <div className="flex shrink-0">
        <IconButton
          size="sm"
          label={w.flowOf(name)}
          icon={<Route aria-hidden="true" size={14} />}
          onClick={() => setShowingFlow(true)}
        />
        <SaveButton path={path} name={name} />
      </div>
      {isShowingFlow ? <FlowDialog document={document} onClose={() => setShowingFlow(false)} /> : null}
    </li>
  );
}

function VersionLine({ version }: { version: Version }) {
  return (
    <p className="text-sm text-muted">
      {w.version(version.number)} · {kindWord(version.content_type)}, {w.size(version.size)} ·{" "}
      <Time at={version.created_at} style="short" />, {w.addedBy(plain(version.uploaded_by.name))} ·{" "}
      {w.sentTimes(version.sent_count)}
    </p>
  );
}

export function SaveButton({ path, name, version }: { path: string; name: string; version?: number }) {
  const toasts = useToasts();
  const label = version === undefined ? w.download(name) : `${w.download(name)}, ${w.version(version)}`;
  const save = () =>
    saveContent(path, name).catch((error) => toasts.show({ tone: "bad", text: sentence(w.downloadFailed, error) }));
  return (
    <IconButton size="sm" label={label} icon={<Download aria-hidden="true" size={14} />} onClick={() => void save()} />
  );
}
