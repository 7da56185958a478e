// What stands beside a thread besides people: tasks and documents of a case or a person, each fetched when its tab is first opened.
import { lazy, Suspense } from "react";
import { SkeletonRows } from "../../ui";
import type { DocumentPlace } from "../documents/requests";
import type { TaskSectionProps } from "../tasks/task-section";

const Tasks = lazy(() => import("../tasks/task-section").then((m) => ({ default: m.TaskSection })));
const Documents = lazy(() => import("../documents/document-section").then((m) => ({ default: m.DocumentSection })));

export function TaskSide(props: TaskSectionProps) {
  return (
    <Suspense fallback={<SkeletonRows rows={3} />}>
      <Tasks {...props} />
    </Suspense>
  );
}

export function DocumentSide({ place }: { place: DocumentPlace }) {
  return (
    <Suspense fallback={<SkeletonRows rows={3} />}>
      <Documents place={place} />
    </Suspense>
  );
}
