// A password that an admin gives: hidden until shown, or made up here by the browser's randomness.
import { Eye, EyeOff, WandSparkles } from "lucide-react";
import { useState } from "react";
import { text } from "../../text/en";
import { Button, Field, IconButton, Input } from "../../ui";

export const SHORTEST_PASSWORD = 10;

export type PasswordFieldProps = {
  value: string;
  onValueChange: (value: string) => void;
  error?: string | undefined;
  autoFocus?: boolean | undefined;
};

export function PasswordField({ value, onValueChange, error, autoFocus }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  const words = text.admin.users;
  return (
    <Field label={words.password} hint={words.passwordHint} error={error}>
      <div className="flex gap-2">
        <Input
          type={isShown ? "text" : "password"}
          value={value}
          onValueChange={onValueChange}
          autoComplete="new-password"
          spellCheck={false}
          autoFocus={autoFocus}
          className="font-mono"
        />
        <IconButton
          variant="secondary"
          label={isShown ? words.hide : words.show}
          icon={isShown ? <EyeOff aria-hidden="true" size={16} /> : <Eye aria-hidden="true" size={16} />}
          onClick={() => setShown(!isShown)}
        />
        <Button
          icon={<WandSparkles aria-hidden="true" size={16} />}
          onClick={() => {
            onValueChange(suggestPassword());
            setShown(true);
          }}
        >
          {words.suggest}
        </Button>
      </div>
    </Field>
  );
}

// Without letters and digits that look alike.
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** Four groups of five: 100 random bits, readable over the telephone. */
export function suggestPassword(): string {
  const drawn = crypto.getRandomValues(new Uint8Array(20));
  const letters = Array.from(drawn, (byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
  return (letters.match(/.{5}/g) ?? []).join("-");
}
