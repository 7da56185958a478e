// What is attached to a text, in its bubble: pictures small, everything else by kind and name, and what has not come yet, or will not.
import { Paperclip } from "lucide-react";
import type { MessageView } from "../../live/model";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { plain, UntrustedText } from "../../ui";
import { sentence } from "../thread/thread-acts";
import { Thumbnail } from "./picture";
import { isPicture, kindWord, type MediaView, mediaContent, saveContent } from "./requests";

const w = text.documents;

export function MediaList({ message }: { message: MessageView }) {
  if (message.media.length === 0) return null;
  return (
    <ul aria-label={text.thread.attachments} className="m-0 mt-1 flex list-none flex-wrap gap-1.5 p-0">
      {message.media.map((media) => (
        <li key={media.position} className="max-w-full">
          <Attachment message={message} media={media} />
        </li>
      ))}
    </ul>
  );
}

function nameOf(media: MediaView): string {
  return media.name ?? w.receivedName(kindWord(media.content_type), media.position + 1);
}

function Attachment({ message, media }: { message: MessageView; media: MediaView }) {
  const name = nameOf(media);
  const path = mediaContent(message.id, media.position);
  if (media.state === "stored" && isPicture(media.content_type)) {
    return <Thumbnail path={path} name={name} className="size-36 max-w-full" />;
  }
  return <FileChip media={media} name={name} path={path} />;
}

function FileChip({ media, name, path }: { media: MediaView; name: string; path: string }) {
  const toasts = useToasts();
  const isHere = media.state === "stored";
  const detail = media.state === "stored" ? (media.size == null ? "" : w.size(media.size)) : w.mediaState[media.state];
  const look =
    "inline-flex max-w-full items-center gap-1.5 rounded-md border border-current/30 px-2 py-1 text-left text-xs";
  const words = (
    <>
      <Paperclip aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 wrap-anywhere">
        <UntrustedText text={name} />
        {detail === "" ? "" : ` · ${detail}`}
      </span>
    </>
  );
  if (!isHere) {
    return <span className={look}>{words}</span>;
  }
  const save = () =>
    saveContent(path, name).catch((error) => toasts.show({ tone: "bad", text: sentence(w.downloadFailed, error) }));
  return (
    <button
      type="button"
      aria-label={w.download(plain(name))}
      className={`${look} hover:underline`}
      onClick={() => void save()}
    >
      {words}
    </button>
  );
}
