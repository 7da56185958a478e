// Three things side by side as far as they fit: a list, the thread that is open, and what is to know beside it. With room for two,
// list and side share a column as tabs; with room for one, the thread covers them. Refuses to know what is in them.
import type { ReactNode } from "react";
import { classNames, TabPanel, Tabs } from "../../ui";
import { type Room, useRoom } from "./use-room";

export type Pane = { label: string; content: ReactNode; count?: number | undefined };
/** The list, or one of what is beside the thread by its value. */
export type PaneTab = string;
export type Side = Pane & { value: string };

export type PanesProps = {
  tabsLabel: string;
  list: Pane;
  /** What is to know beside the thread; several share the column as tabs. */
  sides: readonly Side[];
  threadLabel: string;
  /** What is open; undefined, or giving it, where nothing is. Told how much room there is. */
  thread: ((room: Room) => ReactNode | undefined) | undefined;
  /** Stands in the thread's place while nothing is open. */
  placeholder: ReactNode;
  tab: PaneTab;
  onTab: (tab: PaneTab) => void;
};

const COLUMNS: Record<Room, string> = {
  one: "grid-cols-[minmax(0,1fr)]",
  two: "grid-cols-[minmax(18rem,22rem)_minmax(0,1fr)]",
  three: "grid-cols-[minmax(17rem,22rem)_minmax(0,1fr)_minmax(16rem,20rem)]",
};

export function Panes({ tabsLabel, list, sides, threadLabel, thread, placeholder, tab, onTab }: PanesProps) {
  const { ref, room } = useRoom();
  const opened = thread?.(room);
  const threadPane = (
    <Region name="thread" label={threadLabel} className="flex flex-col bg-bg">
      {opened ?? placeholder}
    </Region>
  );
  const tabbed = (
    <Tabs
      label={tabsLabel}
      value={tab}
      onValueChange={onTab}
      items={[
        { value: "list", label: list.label, count: list.count },
        ...sides.map(({ value, label, count }) => ({ value, label, count })),
      ]}
      className="h-full border-line bg-surface [&:not(:last-child)]:border-r"
    >
      <TabPanel value="list" className="flex flex-col overflow-hidden">
        <Region name="list" label={list.label} className="flex flex-1 flex-col">
          {list.content}
        </Region>
      </TabPanel>
      {sides.map((side) => (
        <SidePanel key={side.value} side={side} />
      ))}
    </Tabs>
  );
  return (
    <div
      ref={ref}
      className={classNames("@container/panes grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)]", COLUMNS[room])}
    >
      {room === "three" ? (
        <>
          <Region name="list" label={list.label} className="flex flex-col border-r border-line bg-surface">
            {list.content}
          </Region>
          {threadPane}
          <SideColumn tabsLabel={tabsLabel} sides={sides} tab={tab} onTab={onTab} />
        </>
      ) : null}
      {room === "two" ? (
        <>
          {tabbed}
          {threadPane}
        </>
      ) : null}
      {room === "one" ? (opened === undefined ? tabbed : threadPane) : null}
    </div>
  );
}

function SidePanel({ side }: { side: Side }) {
  return (
    <TabPanel value={side.value} className="overflow-y-auto">
      <Region name="context" label={side.label}>
        {side.content}
      </Region>
    </TabPanel>
  );
}

/** What is beside the thread in a column of its own: the first of it unless another is chosen. */
function SideColumn({ tabsLabel, sides, tab, onTab }: Pick<PanesProps, "tabsLabel" | "sides" | "tab" | "onTab">) {
  const [first] = sides;
  if (first === undefined) {
    return null;
  }
  if (sides.length === 1) {
    return (
      <Region name="context" label={first.label} className="overflow-y-auto border-l border-line bg-surface">
        {first.content}
      </Region>
    );
  }
  const shown = sides.find(({ value }) => value === tab) ?? first;
  return (
    <Tabs
      label={tabsLabel}
      value={shown.value}
      onValueChange={onTab}
      items={sides.map(({ value, label, count }) => ({ value, label, count }))}
      className="h-full border-l border-line bg-surface"
    >
      {sides.map((side) => (
        <SidePanel key={side.value} side={side} />
      ))}
    </Tabs>
  );
}

function Region({
  name,
  label,
  className,
  children,
}: {
  name: string;
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section data-region={name} tabIndex={-1} aria-label={label} className={classNames("min-h-0 min-w-0", className)}>
      {children}
    </section>
  );
}
