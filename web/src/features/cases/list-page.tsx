// The frame of a list of cases, contacts or leads: search in the address, a filter, rows as a table or as cards by the room there is,
// all states, j and k. Refuses to know what a row is: the caller's columns and cards say it.
import { Search } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { type Scope, useCommands } from "../../keys/registry";
import { usePageTitle } from "../../shell/title";
import {
  Button,
  type Column,
  classNames,
  DataTable,
  EmptyState,
  ErrorState,
  ForbiddenState,
  Input,
  SkeletonRows,
} from "../../ui";
import { useAddress } from "./address";
import type { PagesState } from "./use-pages";
import { useRoom } from "./use-room";

export type ListWords = {
  title: string;
  search: string;
  searchHint: string;
  label: string;
  what: string;
  forbidden: string;
  loadMore: string;
  shown: (count: number, more: boolean) => string;
  commandNext: string;
  commandPrevious: string;
  commandSearch: string;
};

export type ListPageProps<T> = {
  words: ListWords;
  scope: Scope;
  pages: PagesState<T>;
  /** Beside the search. */
  filter?: ReactNode;
  /** At the end of the title's line. */
  actions?: ReactNode;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  /** What a card says; its title is a {@link RowLink}. */
  card: (row: T) => ReactNode;
  empty: { title: string; hint: string; action?: ReactNode };
};

export function ListPage<T>({ words, scope, pages, filter, actions, columns, rowKey, card, empty }: ListPageProps<T>) {
  const { ref, room } = useRoom();
  const rows = useRef<HTMLDivElement>(null);
  usePageTitle(words.title);
  useRowCommands(rows, scope, words);
  const { items, status, error, hasMore, isStale } = pages;
  const hasRows = status === "ready" && items.length > 0;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-b border-line bg-surface px-4 py-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h1 className="text-xl font-semibold">{words.title}</h1>
          {actions}
        </div>
        <div className="mt-2.5 flex flex-wrap items-center gap-2">
          <SearchBox words={words} scope={scope} />
          {filter}
        </div>
      </header>
      <div
        ref={ref}
        className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4"
        data-region="list"
        tabIndex={-1}
      >
        {status === "loading" ? <SkeletonRows rows={8} /> : null}
        {status === "error" ? <ErrorState error={error} what={words.what} onRetry={pages.reload} /> : null}
        {status === "forbidden" ? <ForbiddenState hint={words.forbidden} /> : null}
        {status === "ready" && items.length === 0 ? <EmptyState {...empty} /> : null}
        <div
          ref={rows}
          aria-busy={isStale || undefined}
          className={classNames(isStale && "opacity-60", !hasRows && "hidden")}
        >
          {hasRows && room !== "one" ? (
            <DataTable
              caption={words.label}
              columns={columns}
              rows={items}
              rowKey={rowKey}
              rowClassName={() => "relative focus-within:bg-accent-soft"}
            />
          ) : null}
          {hasRows && room === "one" ? (
            <ul aria-label={words.label} className="flex flex-col gap-2">
              {items.map((row) => (
                <li
                  key={rowKey(row)}
                  className="relative rounded-md border border-line bg-surface px-3 py-2.5 shadow-card focus-within:bg-accent-soft hover:bg-hover/60"
                >
                  {card(row)}
                </li>
              ))}
            </ul>
          ) : null}
        </div>
        {hasRows ? (
          <div className="flex flex-wrap items-center gap-3">
            <p role="status" className="text-sm text-muted">
              {words.shown(items.length, hasMore)}
            </p>
            {hasMore ? (
              <Button size="sm" busy={pages.isLoadingMore} onClick={pages.loadMore}>
                {words.loadMore}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** The link of a row; the whole row is its place. */
export function RowLink({ href, className, children }: { href: string; className?: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      data-row=""
      className={classNames(
        "font-medium before:absolute before:inset-0 hover:underline focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-accent",
        className,
      )}
    >
      {children}
    </Link>
  );
}

const REST_MS = 200;

function SearchBox({ words, scope }: { words: ListWords; scope: Scope }) {
  const { read, change } = useAddress();
  const q = read("q") ?? "";
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  if (known !== q) {
    setKnown(q);
    if (typed.trim() !== q) {
      setTyped(q);
    }
  }
  const search = useCallback((next: string) => change({ q: next }, { replace: true }), [change]);
  useEffect(() => {
    if (typed.trim() === q) {
      return;
    }
    // Who chose a row meanwhile is on the way to it: the list must not fetch them back.
    const place = location.pathname;
    const timer = setTimeout(() => location.pathname === place && search(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, q, search]);
  useCommands(
    [{ id: `${scope}.search`, label: words.commandSearch, keys: ["/"], scope, run: () => field.current?.select() }],
    [scope],
  );
  return (
    <search className="min-w-0 flex-1 basis-60 sm:max-w-md">
      <Input
        ref={field}
        type="search"
        aria-label={words.search}
        placeholder={words.searchHint}
        icon={<Search size={16} />}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onValueChange={setTyped}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            search(typed.trim());
          }
        }}
      />
    </search>
  );
}

/** j and k move the focus from row to row; Enter is the link's own. */
function useRowCommands(rows: React.RefObject<HTMLElement | null>, scope: Scope, words: ListWords): void {
  const move = (by: 1 | -1) => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = links.findIndex((link) => link.contains(document.activeElement));
    const next =
      at < 0 ? links[by === 1 ? 0 : links.length - 1] : links[Math.min(links.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  useCommands(
    [
      {
        id: `${scope}.next`,
        label: words.commandNext,
        keys: ["j"],
        scope,
        isHidden: true,
        repeats: true,
        run: () => move(1),
      },
      {
        id: `${scope}.previous`,
        label: words.commandPrevious,
        keys: ["k"],
        scope,
        isHidden: true,
        repeats: true,
        run: () => move(-1),
      },
    ],
    [scope],
  );
}

/** Clears search and filter; shown where they leave nothing. */
export function ClearFilters({ label, also = [] }: { label: string; also?: readonly string[] }) {
  const { change } = useAddress();
  const nothing = Object.fromEntries(["q", ...also].map((name) => [name, undefined]));
  return <Button onClick={() => change(nothing)}>{label}</Button>;
}

/** One of a few values of a filter in the address, as buttons that are on or off. */
export function FilterButtons({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly { value: string | undefined; label: string }[];
}) {
  const { read, change } = useAddress();
  const chosen = read(name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this narrows a list
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {options.map((option) => (
        <button
          key={option.label}
          type="button"
          aria-pressed={option.value === chosen}
          onClick={() => change({ [name]: option.value })}
          className={classNames(
            "forced-border h-8 rounded-md border px-2.5 text-sm",
            option.value === chosen
              ? "border-transparent bg-accent text-on-accent"
              : "border-line bg-surface hover:bg-hover",
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
