// A picture of a text or a document: small where it stands, large in a dialog. Read with the reader's own rights and shown from memory, so
// that it works inside another site's frame, too. Refuses what is not a picture that cannot run anything.
import { useQuery } from "@tanstack/react-query";
import { ImageOff } from "lucide-react";
import { useEffect, useState } from "react";
import { type ApiError, fetchContent } from "../../api/client";
import { text } from "../../text/en";
import { classNames, Dialog, plain, Spinner } from "../../ui";
import { isPicture } from "./requests";

const w = text.documents;

/** The content as an address of this page; undefined until it is here. */
function useObjectUrl(path: string): { url: string | undefined; error: ApiError | null } {
  const { data, error } = useQuery<Blob, ApiError>({
    queryKey: ["content", path],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) => await (await fetchContent(path, { signal })).blob(),
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (data === undefined || !isPicture(data.type)) {
      return;
    }
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [data]);
  return { url, error };
}

export type PictureProps = { path: string; name: string; className?: string };

export function Picture({ path, name, className }: PictureProps) {
  const { url, error } = useObjectUrl(path);
  if (error !== null) {
    return (
      <span className="inline-flex items-center gap-1.5 p-2 text-xs">
        <ImageOff aria-hidden className="size-4 shrink-0" /> {w.pictureFailed}
      </span>
    );
  }
  return url === undefined ? (
    <span className={classNames("flex items-center justify-center", className)}>
      <Spinner label={text.shell.loading} />
    </span>
  ) : (
    <img src={url} alt={plain(name)} className={className} />
  );
}

/** A small picture that opens large. */
export function Thumbnail({ path, name, className }: PictureProps) {
  const [isLarge, setLarge] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label={w.enlarge(plain(name))}
        onClick={() => setLarge(true)}
        className="overflow-hidden rounded-md border border-line bg-surface"
      >
        <Picture path={path} name={name} className={classNames("block object-cover", className)} />
      </button>
      {isLarge ? (
        <Dialog open onOpenChange={setLarge} title={plain(name)} size="lg">
          <Picture path={path} name={name} className="mx-auto block max-h-[70vh] min-h-24 max-w-full object-contain" />
        </Dialog>
      ) : null}
    </>
  );
}
