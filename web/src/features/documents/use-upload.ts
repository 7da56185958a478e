// Takes files in one after the other, and says of each how it ended. Refuses to stop at the first that fails: nothing else is lost by it.
import { useCallback, useState } from "react";
import { ApiError } from "../../api/client";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { plain } from "../../ui";
import { sentence } from "../thread/thread-acts";
import { type DocumentPlace, uploadDocument } from "./requests";

const w = text.documents;

export function useUpload(place: DocumentPlace): {
  busyWith: string | undefined;
  add: (files: readonly File[]) => void;
} {
  const toasts = useToasts();
  const [busyWith, setBusyWith] = useState<string>();
  const { case_id, contact_id } = place;
  const add = useCallback(
    async (files: readonly File[]) => {
      const where: DocumentPlace = case_id !== undefined ? { case_id } : { contact_id: contact_id ?? "" };
      for (const file of files) {
        const name = plain(file.name);
        setBusyWith(name);
        try {
          const { isNew } = await uploadDocument(where, file);
          toasts.show({ tone: "ok", text: isNew ? w.added(name) : w.unchanged(name) });
        } catch (error) {
          toasts.show({ tone: "bad", text: sentence(w.notAdded(name), ApiError.of(error)) });
        }
      }
      setBusyWith(undefined);
    },
    [toasts, case_id, contact_id],
  );
  return { busyWith, add: (files) => void add(files) };
}
