// The dialog after a session ended while it was used. It cannot be closed: behind it everything stays as it is, drafts too.
import { text } from "../text/en";
import { AlertDialog, Button } from "../ui";
import { leave, useSession } from "./session";
import { SignInForm } from "./sign-in-form";

const w = text.session;

export function SignInAgain() {
  const session = useSession();
  if (session.at !== "ended") {
    return null;
  }
  const other = (
    <Button variant="ghost" onClick={leave}>
      {w.otherUser}
    </Button>
  );
  return (
    <AlertDialog open onOpenChange={() => {}} title={w.endedTitle} description={w.endedHint} actions={null}>
      <div className="pt-4">
        <SignInForm email={session.me.email} also={other} />
      </div>
    </AlertDialog>
  );
}
