// Code to copy. Where the browser refuses the clipboard, as on plain http, the code is selected instead.
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { IconButton } from "../../ui";

const COPIED_MS = 2_000;

export function Snippet({ label, code }: { label: string; code: string }) {
  const toasts = useToasts();
  const block = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
    } catch {
      if (block.current) {
        getSelection()?.selectAllChildren(block.current);
      }
      toasts.show({ text: text.shell.copyFailed, key: "copy" });
    }
  };

  return (
    <figure className="overflow-hidden rounded-md border border-line bg-surface">
      <figcaption className="flex items-center gap-2 border-b border-line bg-bg py-1 pr-1 pl-3 text-xs text-muted">
        <span className="flex-1">{label}</span>
        <span role="status" className="sr-only">
          {isCopied ? text.admin.embedding.copied(label) : ""}
        </span>
        <IconButton
          size="sm"
          label={isCopied ? text.shell.copied : `${text.shell.copy}: ${label}`}
          icon={
            isCopied ? (
              <Check aria-hidden="true" size={14} className="text-ok" />
            ) : (
              <Copy aria-hidden="true" size={14} />
            )
          }
          onClick={copy}
        />
      </figcaption>
      <pre
        ref={block}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reached by keyboard
        tabIndex={0}
        className="focus-inset overflow-x-auto px-3 py-2.5 font-mono text-xs leading-5"
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
