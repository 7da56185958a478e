// One thing that came with a text: from whom, when, in which role, and the way to the text.
import { Paperclip } from "lucide-react";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { UntrustedText } from "../../ui";
import { caseHref, LINK, ScreenLink } from "../cases/place";
import { SaveButton } from "./document-row";
import { Thumbnail } from "./picture";
import { type FlowEntry, isPicture, kindWord, mediaContent } from "./requests";

const w = text.documents;

export function ReceivedRow({ entry }: { entry: FlowEntry }) {
  const name = entry.name ?? w.receivedName(kindWord(entry.content_type), entry.position + 1);
  const path = mediaContent(entry.message_id, entry.position);
  const isHere = entry.state === "stored";
  const detail = entry.state === "stored" ? (entry.size == null ? "" : w.size(entry.size)) : w.mediaState[entry.state];
  const number = entry.mycase_case_id;
  const href = number ? `${caseHref(number)}?conv=${entry.conversation_id}` : `/inbox?conv=${entry.conversation_id}`;
  return (
    <li className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0">
      {isHere && isPicture(entry.content_type) ? (
        <Thumbnail path={path} name={name} className="size-10" />
      ) : (
        <span className="flex size-10 shrink-0 items-center justify-center rounded-md border border-line bg-bg text-muted">
          <Paperclip aria-hidden="true" size={18} />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          <UntrustedText text={name} />
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-sm text-muted">
          <span>
            <UntrustedText text={w.receivedFrom(entry.person.display_name)} /> ·
          </span>
          <span>
            <Time at={entry.at} style="short" />
            {detail === "" ? null : " ·"}
          </span>
          {detail === "" ? null : <span>{detail}</span>}
          {entry.conversation_id ? (
            <ScreenLink href={href} className={LINK}>
              {text.tasks.openText}
            </ScreenLink>
          ) : null}
        </p>
      </div>
      {isHere ? <SaveButton path={path} name={name} /> : null}
    </li>
  );
}
