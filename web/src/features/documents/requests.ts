// Documents as questions and acts. Events say which changed; what is shown is then read anew (live/live.ts). Contents go their own way,
// for they are no JSON.
import { useQuery } from "@tanstack/react-query";
import { ApiError, api, fetchContent, type Schemas, unwrap } from "../../api/client";
import { queryClient, said } from "../../live/requests";
import { text } from "../../text/en";

export type DocumentView = Schemas["DocumentView"];
export type FlowEntry = Schemas["FlowEntryView"];
export type MediaView = Schemas["MediaView"];

/** Of a case, or of a contact in no case. */
export type DocumentPlace = { case_id: string; contact_id?: undefined } | { contact_id: string; case_id?: undefined };

const LARGEST = 100_000_000;

export function useDocuments(place: DocumentPlace) {
  return useQuery<readonly DocumentView[], ApiError>({
    queryKey: ["documents", "of", said(place)],
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/documents", { params: { query: said(place) }, signal }))).items,
  });
}

/** What went out and came in: in a case, or with a contact. */
export function useFlow(place: DocumentPlace) {
  return useQuery<readonly FlowEntry[], ApiError>({
    queryKey: ["documents", "flow", said(place)],
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/documents/flow", { params: { query: said(place) }, signal }))).items,
  });
}

/** Which version of a document went to whom. */
export function useFlowOf(documentId: string) {
  return useQuery<readonly FlowEntry[], ApiError>({
    queryKey: ["documents", "flow-of", documentId],
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET("/api/documents/{id}/flow", { params: { path: { id: documentId } }, signal }))).items,
  });
}

export type Uploaded = { document: DocumentView; isNew: boolean };

/** Adds a file: a document, or a version of the one of that name. */
export async function uploadDocument(place: DocumentPlace, file: File, signal?: AbortSignal): Promise<Uploaded> {
  if (file.size > LARGEST) {
    throw new ApiError(413, { code: "body_too_large", detail: text.documents.tooLarge });
  }
  const where: [string, string] =
    place.case_id !== undefined ? ["case_id", place.case_id] : ["contact_id", place.contact_id];
  const query = new URLSearchParams([where, ["name", file.name]]);
  const response = await fetchContent(`/api/documents?${query}`, {
    method: "POST",
    body: file,
    headers: { "content-type": "application/octet-stream" },
    ...(signal === undefined ? {} : { signal }),
  });
  // The boundary: an answer of 2xx holds what the description says.
  const document = (await response.json()) as DocumentView;
  void queryClient.invalidateQueries({ queryKey: ["documents"] });
  return { document, isNew: response.status === 201 };
}

export const documentContent = (id: string, version: number): string =>
  `/api/documents/${id}/content?version=${version}`;
export const mediaContent = (messageId: string, position: number): string =>
  `/api/omnichannel/messages/${messageId}/media/${position}`;

/** Whether a browser shows it by itself; the server serves these inline and nothing else. */
export function isPicture(contentType: string): boolean {
  return /^image\/(jpeg|png|gif|webp)$/.test(contentType);
}

export function kindWord(contentType: string): string {
  const words = text.documents.kinds;
  const [family] = contentType.toLowerCase().split("/");
  if (family === "image") return words.picture;
  if (family === "video") return words.video;
  if (family === "audio") return words.audio;
  if (contentType === "application/pdf") return words.pdf;
  if (/vcard/.test(contentType)) return words.contact;
  return contentType === "text/plain" ? words.text : words.file;
}

/** Saves a content to a file of that name, as the browser does. */
export async function saveContent(path: string, name: string): Promise<void> {
  const response = await fetchContent(path);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
