// The open conversation as a file of its own, so that a list is drawn without waiting for it: fetched as soon as there is nothing else
// to do, and at once where a conversation is open. What it shows: conversation-pane.tsx.
import { lazy, Suspense, useEffect } from "react";
import { patiently } from "../../shell/patience";
import { SkeletonRows } from "../../ui";
import type { ConversationPaneProps } from "./conversation-pane";

const fetchPane = () => patiently(() => import("./conversation-pane"));
const Pane = lazy(() => fetchPane().then((m) => ({ default: m.ConversationPane })));
/** After the first rows are drawn. */
const IDLE_MS = 300;

/** Fetches what an open conversation needs while nobody waits for it. */
export function useReadyPane(): void {
  useEffect(() => {
    const timer = setTimeout(() => void fetchPane(), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
}

export function ConversationPane(props: ConversationPaneProps) {
  return (
    <Suspense fallback={<SkeletonRows rows={5} />}>
      <Pane {...props} />
    </Suspense>
  );
}
