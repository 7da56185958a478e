// Writing a text: the numbers, the field, what it costs, what stands in the way, and Send. The same for a conversation and for a
// first text. The draft is kept with every key; what could not be sent stays in the field.

import { Paperclip, SendHorizontal } from "lucide-react";
import { type ReactNode, type RefObject, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { ApiError, type Schemas } from "../../api/client";
import { useCommands, useShortcut } from "../../keys/registry";
import { sendText } from "../../live/acts";
import { useAllowed } from "../../live/hooks";
import type { MessageView } from "../../live/model";
import { type ChoicesKey, queryClient, useChoices } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, IconButton, Kbd, plain, Skeleton, sideOfRole } from "../../ui";
import { AttachmentTray } from "../documents/attachment-tray";
import { useAttachments } from "../documents/attachments";
import type { DocumentPlace } from "../documents/requests";
import type { Draft } from "./draft";
import { type Length, lengthOf } from "./length";
import { NumberPickers } from "./number-pickers";
import { type Chosen, obstacleOf, requestOf, wayOf } from "./recipient";
import { ForcingChip, SegmentMeter } from "./segment-meter";
import { useDraft } from "./use-draft";

const words = text.composer;

export interface ComposerFormProps {
  /** Where the draft is kept. */
  readonly place: string;
  readonly choicesKey: ChoicesKey;
  readonly who: string | undefined;
  /** Whom it goes to, where that is known: outside of a case what is attached is kept with them. */
  readonly contactId?: string | null | undefined;
  readonly personRole: string | null | undefined;
  /** The text that this answers, where it must be said. */
  readonly answers: Pick<MessageView, "id" | "person"> | undefined;
  /** The newest text that stands above; "unknown" while that is not known. */
  readonly newest?: string | undefined;
  /** How many texts came since the draft was begun above `seen`. */
  readonly newSince?: ((seen: string | undefined) => number) | undefined;
  readonly onReview?: (() => void) | undefined;
  readonly onLeave?: (() => void) | undefined;
  readonly onSent: (message: MessageView) => void;
  /** Words above the field, such as that replying claims nothing. */
  readonly note?: ReactNode;
  readonly field?: RefObject<HTMLTextAreaElement | null> | undefined;
  readonly autoFocus?: boolean | undefined;
}

export function ComposerForm(props: ComposerFormProps) {
  const { sms } = useAllowed();
  const choices = useChoices(sms >= 2 ? props.choicesKey : undefined);
  if (sms < 2) return <Closed>{words.readOnly}</Closed>;
  if (choices.data !== undefined) return <Form {...props} choices={choices.data} />;
  if (choices.isError) {
    const error = ApiError.of(choices.error);
    return (
      <Closed>
        {error.code === "network" ? text.shell.couldNotLoad(words.choicesFailed) : error.detail}{" "}
        <Button size="sm" onClick={() => choices.refetch()}>
          {text.shell.tryAgain}
        </Button>
      </Closed>
    );
  }
  return (
    <div className="animate-appear px-4 pb-3">
      <Skeleton className="h-28 w-full" />
    </div>
  );
}

function Closed({ children }: { children: ReactNode }) {
  return (
    <div className="px-4 pb-3">
      <div className="rounded-md border border-line bg-surface px-3 py-2.5 text-muted">{children}</div>
    </div>
  );
}

function Form(props: ComposerFormProps & { readonly choices: Schemas["ChoicesView"] }) {
  const { choices, answers, who } = props;
  const [draft, changeDraft] = useDraft(props.place);
  const [chosen, setChosen] = useState<Chosen>({});
  const form = useRef<HTMLFormElement>(null);
  const own = useRef<HTMLTextAreaElement>(null);
  const field = props.field ?? own;
  const meterId = useId();
  const deferred = useDeferredValue(draft.body);
  const length = useMemo(() => lengthOf(deferred, choices.part_limit), [deferred, choices.part_limit]);
  const way = wayOf(choices, chosen);
  const obstacle = obstacleOf(choices, way, answers?.id);
  const changed = draft.body.trim() === "" ? 0 : (props.newSince?.(draft.seen) ?? 0);
  const write = (body: string) => changeDraft((now) => begun(now, body, props.newest));
  const attachments = useAttachments(placeOf(choices, props.contactId));
  const hasNothing = length.isBlank && attachments.all.length === 0;
  const isBlocked = obstacle !== undefined || attachments.isBusy || attachments.obstacle !== undefined;
  const sending = useSending({
    hasNothing: draft.body.trim() === "" && attachments.all.length === 0,
    length,
    changed,
    isBlocked,
    request: () => ({ ...requestOf(choices, way, draft.body, answers?.id), media: attachments.request() }),
    onSent: (message) => {
      changeDraft(() => ({ body: "" }));
      attachments.clear();
      props.onSent(message);
      field.current?.focus();
    },
  });
  const review = () => {
    changeDraft((now) => ({ ...now, seen: props.newest }));
    props.onReview?.();
  };
  useComposerCommands(form, sending.send);
  const replace = useReplacing(draft.body, write);
  return (
    <form
      ref={form}
      aria-label={who === undefined ? words.write : words.label(plain(who))}
      className="@container/composer flex min-w-0 flex-col gap-2 px-4 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        sending.send();
      }}
    >
      <AdverseStrip personRole={props.personRole} />
      {props.note}
      {changed > 0 && <ChangedStrip count={changed} isPressing={sending.isWarned} onReview={review} />}
      {sending.failure !== undefined && <Banner tone="bad">{sending.failure}</Banner>}
      <div className="min-w-0 rounded-lg border border-line-strong/70 bg-surface focus-within:border-accent">
        <NumberPickers
          choices={choices}
          way={way}
          answeredNumber={answers?.person.number}
          onChoose={(next) => setChosen((now) => ({ ...now, ...next }))}
        />
        {obstacle !== undefined && (
          <p role="status" className="m-0 px-3 pt-2 font-medium text-bad text-sm">
            {obstacle}
          </p>
        )}
        <textarea
          ref={field}
          value={draft.body}
          rows={2}
          dir="auto"
          aria-label={words.write}
          aria-describedby={meterId}
          placeholder={who === undefined ? words.write : words.placeholder(plain(who))}
          readOnly={sending.isRunning}
          // biome-ignore lint/a11y/noAutofocus: only where the writer has just asked to write
          autoFocus={props.autoFocus}
          onChange={(event) => {
            sending.forget();
            write(event.target.value);
          }}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            if (files.length > 0) {
              event.preventDefault();
              attachments.add(files);
            }
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.blur();
            props.onLeave?.();
          }}
          className="focus-inset block max-h-[40vh] min-h-14 w-full resize-none bg-transparent px-3 py-2 text-ink outline-none [field-sizing:content]"
        />
        <AttachmentTray attachments={attachments} />
        {length.forcing !== undefined && <ForcingChip forcing={length.forcing} onReplace={replace} />}
        <div className="flex flex-wrap items-end justify-between gap-2 px-3 pb-2">
          <span className="flex min-w-0 items-end gap-1.5">
            <AttachButton onFiles={placeOf(choices, props.contactId) === undefined ? undefined : attachments.add} />
            <SegmentMeter id={meterId} length={length} partLimit={choices.part_limit} />
          </span>
          <SendButton
            isRunning={sending.isRunning}
            isAgain={sending.isWarned && changed > 0}
            isOff={hasNothing || isBlocked || length.isTooLong}
          />
        </div>
      </div>
    </form>
  );
}

/** Where what is attached is kept: with the case, or with the person; nowhere for a sender whom nobody knows. */
function placeOf(choices: Schemas["ChoicesView"], contactId: string | null | undefined): DocumentPlace | undefined {
  const number = choices.target.case_id;
  if (number) return { case_id: number };
  return contactId ? { contact_id: contactId } : undefined;
}

function AttachButton({ onFiles }: { onFiles: ((files: readonly File[]) => void) | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  if (onFiles === undefined) return null;
  return (
    <>
      <IconButton
        size="sm"
        label={text.documents.attach}
        icon={<Paperclip aria-hidden size={16} />}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={text.documents.attach}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** A draft remembers what stood above it when it was begun. */
function begun(now: Draft, body: string, newest: string | undefined): Draft {
  if (body === "") return { body };
  return now.body === "" ? { body, seen: newest } : { ...now, body };
}

function SendButton({ isRunning, isAgain, isOff }: { isRunning: boolean; isAgain: boolean; isOff: boolean }) {
  const keys = useShortcut("composer.send");
  return (
    <Button
      type="submit"
      variant="primary"
      busy={isRunning}
      disabled={isOff}
      icon={<SendHorizontal aria-hidden size={16} />}
      className="ml-auto"
    >
      {isRunning ? words.sending : isAgain ? words.sendAgain : words.send}
      {keys && !isRunning && (
        <span aria-hidden className="hidden @min-[30rem]/composer:inline">
          <Kbd keys={keys} inverted />
        </span>
      )}
    </Button>
  );
}

function AdverseStrip({ personRole }: { personRole: string | null | undefined }) {
  if (!personRole || sideOfRole(personRole) !== "adverse") return null;
  const known: Readonly<Record<string, string>> = words.adverse;
  return <Banner tone="adverse">{known[personRole] ?? personRole}</Banner>;
}

interface ChangedProps {
  readonly count: number;
  readonly isPressing: boolean;
  readonly onReview: () => void;
}

function ChangedStrip({ count, isPressing, onReview }: ChangedProps) {
  const review = (
    <Button size="sm" onClick={onReview}>
      {words.review}
    </Button>
  );
  return (
    <Banner key={isPressing ? "pressing" : "calm"} tone="warn" role={isPressing ? "alert" : "status"} actions={review}>
      {words.changed(count)}
    </Banner>
  );
}

interface SendingOptions {
  readonly hasNothing: boolean;
  readonly length: Length;
  readonly changed: number;
  readonly isBlocked: boolean;
  readonly request: () => Schemas["SendRequest"];
  readonly onSent: (message: MessageView) => void;
}

/** Sends, once; a thread that changed meanwhile is shown first. */
function useSending({ hasNothing, length, changed, isBlocked, request, onSent }: SendingOptions) {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [warnedOf, setWarnedOf] = useState(0);
  const isWarned = changed > 0 && warnedOf >= changed;
  const send = () => {
    if (isRunning || isBlocked || length.isTooLong || hasNothing) return;
    if (changed > 0 && !isWarned) return setWarnedOf(changed);
    setRunning(true);
    setFailure(undefined);
    sendText(request())
      .then((message) => {
        setWarnedOf(0);
        onSent(message);
      })
      .catch((thrown: unknown) => {
        const error = ApiError.of(thrown);
        setFailure(error.code === "network" ? words.networkFailed : words.failedBecause(error.detail || error.title));
        if (error.code === "recipient_opted_out") queryClient.invalidateQueries({ queryKey: ["choices"] });
      })
      .finally(() => setRunning(false));
  };
  return { isRunning, failure, isWarned, send, forget: () => setFailure(undefined) };
}

function useComposerCommands(form: RefObject<HTMLFormElement | null>, send: () => void): void {
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  useCommands(
    [
      {
        id: "composer.send",
        label: words.send,
        keys: ["Mod+Enter"],
        scope: "composer",
        inFields: true,
        isHidden: true,
        when: () => form.current?.contains(document.activeElement) ?? false,
        run: () => latest.current(),
      },
    ],
    [form],
  );
}

/** Replacing is undone by the toast: the field's own undo does not know of it. */
function useReplacing(body: string, write: (body: string) => void): (replaced: string) => void {
  const toasts = useToasts();
  return (replaced) => {
    write(replaced);
    toasts.show({ text: words.replaced, key: "replace", action: { label: words.undoReplace, run: () => write(body) } });
  };
}
