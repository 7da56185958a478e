// Embedding: which pages may show Casewire in a frame, and how a case system does it, with snippets that are right for this firm and server.
import { Globe, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMe } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Button, Field, IconButton, Input } from "../../ui";
import { originOf, snippets } from "./embed-snippets";
import { changes, type Settings, useChange, useFirmSettings } from "./queries";
import { errorAt, errorBeside, inWords } from "./refusal";
import { FormSkeleton, Loaded, Refusal, Section, useCanChange } from "./section";
import { Snippet } from "./snippet";

export function Embedding() {
  const words = text.admin.embedding;
  const settings = useFirmSettings();
  return (
    <Section title={words.title} hint={words.hint}>
      <Loaded read={settings} what={words.what} skeleton={<FormSkeleton fields={2} />}>
        {(stored) => <Origins stored={stored} />}
      </Loaded>
      <HowTo />
    </Section>
  );
}

function Origins({ stored }: { stored: Settings }) {
  const words = text.admin.embedding;
  const canChange = useCanChange();
  const toasts = useToasts();
  const change = useChange(["settings"], changes.changeSettings);
  const [entry, setEntry] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const origins = stored.embed_origins;

  const add = () => {
    const origin = originOf(entry);
    if (origin === undefined) {
      setProblem(words.originBad);
      return;
    }
    if (origins.includes(origin)) {
      setProblem(words.originTaken);
      return;
    }
    const onSuccess = () => {
      setEntry("");
      toasts.show({ tone: "ok", text: words.added(origin) });
    };
    change.mutate({ embed_origins: [...origins, origin] }, { onSuccess });
  };
  const remove = (origin: string) => {
    change.mutate(
      { embed_origins: origins.filter((other) => other !== origin) },
      {
        onSuccess: () =>
          toasts.show({
            text: words.removed(origin),
            action: { label: text.shell.undo, run: () => change.mutateAsync({ embed_origins: [...origins] }) },
          }),
        onError: (error) => toasts.show({ tone: "bad", text: inWords(error) }),
      },
    );
  };

  return (
    <section aria-labelledby="origins-title" className="max-w-2xl">
      <h3 id="origins-title" className="font-semibold">
        {words.origins}
      </h3>
      <p className="mb-3 text-muted">{words.originsHint}</p>
      <ul className="mb-3 divide-y divide-line rounded-md border border-line bg-surface">
        {origins.length === 0 ? <li className="px-3 py-2.5 text-muted">{words.noOrigins}</li> : null}
        {origins.map((origin) => (
          <li key={origin} className="flex min-h-11 items-center gap-3 px-3">
            <Globe aria-hidden="true" size={16} className="shrink-0 text-muted" />
            <span className="min-w-0 flex-1 font-mono text-sm wrap-anywhere">{origin}</span>
            {canChange ? (
              <IconButton
                label={words.removeOrigin(origin)}
                icon={<Trash2 aria-hidden="true" size={16} />}
                busy={change.isPending && change.variables.embed_origins?.includes(origin) === false}
                onClick={() => remove(origin)}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {canChange ? (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Field label={words.origin} error={problem ?? errorAt(change.error, "embed_origins")}>
            <div className="flex gap-2">
              <Input
                type="url"
                placeholder={words.originPlaceholder}
                value={entry}
                onValueChange={(next) => {
                  setEntry(next);
                  setProblem(undefined);
                  change.reset();
                }}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
              />
              <Button
                type="submit"
                icon={<Plus aria-hidden="true" size={16} />}
                busy={change.isPending}
                disabled={entry.trim() === ""}
              >
                {words.addOrigin}
              </Button>
            </div>
          </Field>
          <Refusal>{errorBeside(change.error, ["embed_origins"])}</Refusal>
        </form>
      ) : null}
    </section>
  );
}

function HowTo() {
  const words = text.admin.embedding;
  const me = useMe();
  const { shell, server, page } = snippets(window.location.origin, me.organization_id);
  return (
    <section aria-labelledby="how-title" className="max-w-2xl border-t border-line pt-5">
      <h3 id="how-title" className="mb-3 font-semibold">
        {words.how}
      </h3>
      <ol className="flex flex-col gap-5">
        <Step number={1} title={words.step1} hint={words.step1Text}>
          <Snippet label={words.snippetShell} code={shell} />
        </Step>
        <Step number={2} title={words.step2} hint={words.step2Text}>
          <Snippet label={words.snippetServer} code={server} />
        </Step>
        <Step number={3} title={words.step3} hint={words.step3Text}>
          <Snippet label={words.snippetPage} code={page} />
        </Step>
      </ol>
    </section>
  );
}

function Step({ number, title, hint, children }: { number: number; title: string; hint: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden="true"
        className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-sm font-semibold text-accent"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="mb-2 text-muted">{hint}</p>
        {children}
      </div>
    </li>
  );
}
