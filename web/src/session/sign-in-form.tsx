// E-mail and password, for the sign-in page and for the dialog after a session ended. Pasting and password managers work;
// what is wrong is said at the form, and how long to wait counts down. Refuses puzzles.
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { ApiError } from "../api/client";
import { text } from "../text/en";
import { Banner, Button, Field, Input } from "../ui";
import { signIn } from "./session";

const w = text.session;

type Refusal = { error: ApiError; waitUntil: number | undefined };

export type SignInFormProps = {
  /** Whose session it was: their e-mail stands there. */
  email?: string;
  also?: ReactNode;
};

export function SignInForm({ email: known, also }: SignInFormProps) {
  const [email, setEmail] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const passwordField = useRef<HTMLInputElement>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const seconds = useSecondsUntil(refusal?.waitUntil);
  const problem = useId();

  useEffect(() => {
    (known === undefined ? emailField : passwordField).current?.focus();
  }, [known]);

  const missing = (value: string): string | undefined => (isChecked && value === "" ? w.required : undefined);

  const submit = async (): Promise<void> => {
    setChecked(true);
    if (email.trim() === "" || password === "") {
      (email.trim() === "" ? emailField : passwordField).current?.focus();
      return;
    }
    setBusy(true);
    setRefusal(undefined);
    try {
      await signIn(email.trim(), password);
    } catch (thrown) {
      const error = ApiError.of(thrown);
      const waitUntil = error.status === 429 ? Date.now() + (error.retryAfter ?? 60) * 1000 : undefined;
      setRefusal({ error, waitUntil });
      if (error.code === "wrong_credentials") {
        passwordField.current?.select();
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      aria-describedby={refusal ? problem : undefined}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && seconds === 0) {
          void submit();
        }
      }}
    >
      {refusal && (refusal.waitUntil === undefined || seconds > 0) ? (
        <div id={problem}>
          <Banner tone="bad">{sentence(refusal.error, seconds)}</Banner>
        </div>
      ) : null}
      <Field label={w.email} error={missing(email.trim())}>
        <Input
          ref={emailField}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          spellCheck={false}
          autoCapitalize="none"
          required
          readOnly={known !== undefined}
          value={email}
          onValueChange={setEmail}
        />
      </Field>
      <Field label={w.password} error={missing(password)}>
        <Input
          ref={passwordField}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onValueChange={setPassword}
        />
      </Field>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {also}
        <Button type="submit" variant="primary" busy={isBusy} reason={seconds > 0 ? w.rateLimited(seconds) : undefined}>
          {isBusy ? w.signingIn : w.signIn}
        </Button>
      </div>
    </form>
  );
}

function sentence(error: ApiError, seconds: number): ReactNode {
  switch (error.code) {
    case "wrong_credentials":
      return w.wrongCredentials;
    case "rate_limited":
      return w.rateLimited(seconds);
    case "network":
      return w.unreachable;
    default:
      return (
        <>
          {w.refused} {error.detail} {error.requestId ? w.reference(error.requestId) : null}
        </>
      );
  }
}

/** Whole seconds until then, counting down; 0 when it is over. */
function useSecondsUntil(moment: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (moment === undefined) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [moment]);
  return moment === undefined ? 0 : Math.max(0, Math.ceil((moment - now) / 1000));
}
