// What is attached to a text that is being written: files that are added to the case's documents at once, and go with the text by their
// version. Kept while the composer stands; a text that was not sent leaves them among the documents.
import { useCallback, useRef, useState } from "react";
import { ApiError, type Schemas } from "../../api/client";
import { text } from "../../text/en";
import { plain } from "../../ui";
import { sentence } from "../cases/use-act";
import { type DocumentPlace, uploadDocument } from "./requests";

const w = text.documents;
/** What carriers take with one text. */
const MOST = 10;
const LARGEST = 5_000_000;

export type Attached = {
  key: number;
  name: string;
  size: number;
  contentType: string;
  state: "uploading" | "ready" | "failed";
  why?: string | undefined;
  documentId?: string | undefined;
  version?: number | undefined;
};

export type Attachments = {
  all: readonly Attached[];
  isBusy: boolean;
  /** Why they cannot go as they are. */
  obstacle: string | undefined;
  total: number;
  add: (files: readonly File[]) => void;
  remove: (key: number) => void;
  clear: () => void;
  request: () => Schemas["AttachmentRequest"][];
};

export function useAttachments(place: DocumentPlace | undefined): Attachments {
  const [all, setAll] = useState<readonly Attached[]>([]);
  const next = useRef(0);
  const change = useCallback(
    (key: number, to: Partial<Attached>) =>
      setAll((now) => now.map((one) => (one.key === key ? { ...one, ...to } : one))),
    [],
  );
  const add = (files: readonly File[]) => {
    if (place === undefined) {
      return;
    }
    for (const file of files) {
      next.current += 1;
      const key = next.current;
      const name = plain(file.name);
      const one: Attached = { key, name, size: file.size, contentType: file.type, state: "uploading" };
      setAll((now) => [...now, one]);
      uploadDocument(place, file).then(
        ({ document }) => {
          const latest = document.versions[0];
          change(key, {
            state: "ready",
            documentId: document.id,
            version: latest?.number,
            contentType: latest?.content_type ?? file.type,
          });
        },
        (error) => change(key, { state: "failed", why: w.attachFailed(name, sentence(ApiError.of(error))) }),
      );
    }
  };
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const failed = all.find(({ state }) => state === "failed");
  return {
    all,
    isBusy: all.some(({ state }) => state === "uploading"),
    obstacle: failed?.why ?? (all.length > MOST ? w.tooMany : total > LARGEST ? w.tooLargeTogether : undefined),
    total,
    add,
    remove: (key) => setAll((now) => now.filter((one) => one.key !== key)),
    clear: () => setAll([]),
    request: () =>
      all.flatMap(({ documentId, version }) =>
        documentId === undefined ? [] : [{ document_id: documentId, version: version ?? null }],
      ),
  };
}
