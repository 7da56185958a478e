// The thread itself: virtual, standing at its end, older pages when one scrolls up, a way back down with what came meanwhile.
// What stands in it: entries.ts; how a line looks: bubble.tsx, lines.tsx.

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ItemsState } from "../../live/model";
import { text } from "../../text/en";
import { dayOf } from "../../time/time";
import { Button, EmptyState, ErrorState, ForbiddenState, plain, Spinner } from "../../ui";
import { CallEntry } from "../phone/call-entry";
import { Bubble, type BubbleActs } from "./bubble";
import { type Entry, entriesOf, textsIn } from "./entries";
import { DaySeparator, StepLine } from "./lines";

const words = text.thread;

/** How near to its end a thread counts as being there, in pixels. */
const END_PX = 80;
/** How near to the beginning of what is loaded older items are asked for, in lines. */
const AHEAD = 8;

export interface ThreadHandle {
  /** Goes to the newest message. */
  toEnd(): void;
  focus(): void;
}

interface Props {
  readonly items: ItemsState;
  readonly who: string;
  readonly caseNumber: string | undefined;
  readonly acts: BubbleActs;
  readonly explained: string | undefined;
  readonly handle: RefObject<ThreadHandle | null>;
}

export function MessageList(props: Props) {
  const { items } = props;
  if (items.status === "forbidden") return <ForbiddenState className="flex-1" />;
  if (items.status === "error" && items.items.length === 0) {
    return <ErrorState error={items.error} what={words.failed} onRetry={items.reload} className="flex-1" />;
  }
  if (items.items.length === 0) {
    return items.status === "loading" ? <ThreadSkeleton /> : <EmptyState title={words.empty} className="flex-1" />;
  }
  return <Lines {...props} />;
}

function Lines({ items, who, caseNumber, acts, explained, handle }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const entries = useMemo(() => entriesOf(items.items, dayOf), [items.items]);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (place) => estimate(entries[place]),
    getItemKey: (place) => entries[place]?.key ?? place,
    overscan: 10,
    paddingStart: 8,
    paddingEnd: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
  });
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);
  useImperativeHandle(
    handle,
    () => ({ toEnd: () => virtualizer.scrollToEnd(), focus: () => scroller.current?.focus({ preventScroll: true }) }),
    [virtualizer],
  );
  useStandingAtEnd(scroller, virtualizer);
  useOlderPages(virtualizer, items);
  const unseen = useUnseen(items, virtualizer);
  return (
    <div className="@container relative flex min-h-0 flex-1 flex-col">
      <Announcer items={items} who={who} userId={acts.userId} />
      <section
        ref={scroller}
        aria-label={words.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="focus-inset min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        {items.isLoadingOlder && (
          <div className="sticky top-0 z-10 flex justify-center py-1">
            <Spinner label={words.loadingOlder} />
          </div>
        )}
        <div className="flex min-h-full flex-col justify-end">
          <div className="relative w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((item) => {
              const entry = entries[item.index];
              if (entry === undefined) return null;
              return (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className="absolute top-0 left-0 w-full"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Line entry={entry} acts={acts} caseNumber={caseNumber} explained={explained} />
                </div>
              );
            })}
          </div>
        </div>
      </section>
      {unseen !== undefined && (
        <BackDown count={unseen} onClick={() => virtualizer.scrollToEnd({ behavior: "smooth" })} />
      )}
    </div>
  );
}

interface LineProps {
  readonly entry: Entry;
  readonly acts: BubbleActs;
  readonly caseNumber: string | undefined;
  readonly explained: string | undefined;
}

function Line({ entry, acts, caseNumber, explained }: LineProps) {
  switch (entry.kind) {
    case "day":
      return <DaySeparator at={entry.at} />;
    case "text":
      return (
        <Bubble
          message={entry.message}
          continues={entry.continues}
          isContinued={entry.isContinued}
          acts={acts}
          isExplained={explained === entry.message.id}
        />
      );
    case "call":
      return <CallEntry call={entry.call} />;
    case "step":
      return <StepLine step={entry.step} caseNumber={caseNumber} />;
  }
}

/** Whoever stands at the end stays there when the banner or the composer below takes some of the height. */
function useStandingAtEnd(
  scroller: RefObject<HTMLElement | null>,
  virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const lost = height - element.clientHeight;
      height = element.clientHeight;
      const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
      if (lost !== 0 && fromEnd - lost <= END_PX) virtualizer.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, virtualizer]);
}

/** How high a line may be, before it is measured: so near that the scroll bar hardly moves. */
function estimate(entry: Entry | undefined): number {
  if (entry === undefined || entry.kind === "step") return 30;
  if (entry.kind === "day") return 40;
  if (entry.kind === "call") return 62 + (entry.call.note ? 40 : 0) + (entry.call.recordings?.length ?? 0) * 48;
  const { body } = entry.message;
  const lines = Math.max(1, Math.ceil(Math.min(body.length, 2_000) / 58));
  return 48 + lines * 20;
}

function useOlderPages(virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>, items: ItemsState): void {
  const first = virtualizer.range?.startIndex;
  const { hasOlder, isLoadingOlder, loadOlder } = items;
  useEffect(() => {
    if (first !== undefined && first <= AHEAD && hasOlder && !isLoadingOlder) loadOlder();
  }, [first, hasOlder, isLoadingOlder, loadOlder]);
}

/** How many texts came while one was reading further up; undefined at the end. */
function useUnseen(items: ItemsState, virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>): number | undefined {
  const isAtEnd = virtualizer.isAtEnd(END_PX);
  const newest = textsIn(items.items).at(-1);
  const [seen, setSeen] = useState(newest?.id);
  if (isAtEnd && newest?.id !== seen) setSeen(newest?.id);
  if (isAtEnd) return undefined;
  const texts = textsIn(items.items);
  const place = texts.findIndex((message) => message.id === seen);
  return place === -1 ? 0 : texts.length - 1 - place;
}

function BackDown({ count, onClick }: { count: number; onClick: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
      <Button
        size="sm"
        variant={count > 0 ? "primary" : "secondary"}
        className="pointer-events-auto rounded-full shadow-popup"
        icon={<ArrowDown aria-hidden size={14} />}
        onClick={onClick}
      >
        {count > 0 ? words.newBelow(count) : words.latest}
      </Button>
    </div>
  );
}

/** Reads out what comes in while the thread is open, and nothing of what stood there before. */
function Announcer({ items, who, userId }: { items: ItemsState; who: string; userId: string }) {
  const newest = textsIn(items.items).at(-1);
  const [first] = useState(newest?.id);
  const isNews = newest !== undefined && newest.id !== first && newest.sent_by?.id !== userId;
  return (
    <div role="status" className="sr-only">
      {isNews
        ? words.announced(plain(newest.direction === "inbound" ? who : words.ours), plain(newest.body.slice(0, 300)))
        : ""}
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div role="status" className="flex flex-1 animate-appear flex-col justify-end gap-4 p-4">
      <span className="sr-only">{words.loading}</span>
      {["w-1/2", "w-2/5 self-end", "w-3/5", "w-1/3 self-end"].map((width) => (
        <span key={width} aria-hidden className={`h-10 animate-pulse rounded-lg bg-hover ${width}`} />
      ))}
    </div>
  );
}
