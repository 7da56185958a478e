// The search of the inbox: by name, case number or text. What is typed goes into the address after a moment's rest, so that
// the list follows without a request per key. `/` reaches it.

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useCommands } from "../../keys/registry";
import { text } from "../../text/en";
import { IconButton } from "../../ui";

const REST_MS = 200;

export function SearchField({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    // What the reader typed has the last word, but for the white space around it.
    if (typed.trim() !== value) setTyped(value);
  }
  useEffect(() => {
    const words = typed.trim();
    if (words === value) return;
    // Who went elsewhere meanwhile must not be fetched back.
    const place = location.pathname;
    const timer = setTimeout(() => location.pathname === place && onChange(words), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  useCommands(
    [
      {
        id: "inbox.search",
        label: text.inbox.command.search,
        keys: ["/"],
        scope: "inbox",
        run: () => field.current?.select(),
      },
    ],
    [],
  );
  const clear = () => {
    setTyped("");
    onChange("");
    field.current?.focus();
  };
  return (
    <search className="relative min-w-0 flex-1">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <input
        ref={field}
        type="search"
        value={typed}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-label={text.inbox.search}
        placeholder={text.inbox.search}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.stopPropagation();
          if (typed === "") field.current?.blur();
          else clear();
        }}
        className="h-8 w-full min-w-0 rounded-md border border-line-strong/70 bg-surface pr-8 pl-8 text-base text-ink [&::-webkit-search-cancel-button]:hidden"
      />
      {typed !== "" && (
        <span className="absolute top-0.5 right-0.5">
          <IconButton size="sm" label={text.inbox.clearSearch} icon={<X aria-hidden size={14} />} onClick={clear} />
        </span>
      )}
    </search>
  );
}
