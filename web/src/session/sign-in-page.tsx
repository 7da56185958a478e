// The page for who is not signed in, at whatever address: that address is where they go on.
import { useEffect } from "react";
import { text } from "../text/en";
import { SignInForm } from "./sign-in-form";

const w = text.session;

export function SignInPage() {
  useEffect(() => {
    document.title = w.titleOf(w.signInTitle);
  }, []);
  return (
    <main className="flex min-h-full items-center justify-center bg-bg p-4">
      <div className="w-full max-w-sm rounded-lg border border-line bg-surface p-6">
        <p className="mb-1 flex items-center gap-2 text-base font-semibold text-muted">
          <img src="/icon.svg" alt="" width={20} height={20} />
          {w.product}
        </p>
        <h1 className="mb-5 text-xl font-semibold">{w.signInTitle}</h1>
        <SignInForm />
      </div>
    </main>
  );
}
