// All shortcuts of where one is, from the command table, and the switch for single keys. Refuses a list of its own.

import { keysToShow } from "../keys/chords";
import { type Command, isOn, type Scope, setSingleKeys, useRegisteredCommands, useSingleKeys } from "../keys/registry";
import { text } from "../text/en";
import { Switch } from "../ui/choice";
import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";

const ORDER: readonly Scope[] = [
  "thread",
  "composer",
  "inbox",
  "case",
  "cases",
  "contacts",
  "tasks",
  "admin",
  "global",
];

export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const commands = useRegisteredCommands();
  const singleKeys = useSingleKeys();
  const groups = ORDER.map((scope) => ({ scope, commands: listed(commands, scope) })).filter(
    (group) => group.commands.length > 0,
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={text.shell.keys.title}
      description={text.shell.keys.description}
      size="lg"
    >
      <Switch
        label={text.shell.keys.single}
        hint={singleKeys ? text.shell.keys.singleHint : text.shell.keys.singleOff}
        checked={singleKeys}
        onCheckedChange={setSingleKeys}
        className="mb-4 rounded-md border border-line bg-bg px-3 py-2"
      />
      <div className="columns-1 gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group.scope} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-muted">{text.shell.keys.scopes[group.scope]}</h3>
            <dl>
              {group.commands.map((command) => (
                <div
                  key={command.id}
                  className="flex min-h-8 items-center gap-3 border-b border-line/60 py-1 last:border-b-0"
                >
                  <dt className="min-w-0 flex-1">{command.label}</dt>
                  <dd className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
                    {command.keys.filter(isOn).map((keys, index) => (
                      <span key={keys} className="inline-flex items-center gap-1.5">
                        {index > 0 ? <span className="text-xs text-muted">{text.shell.keys.or}</span> : null}
                        <Kbd keys={keysToShow(keys)} />
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Those with keys that are on, each id once. */
function listed(commands: readonly Command[], scope: Scope): readonly Command[] {
  const seen = new Set<string>();
  return commands.filter((command) => {
    const isNew = command.scope === scope && command.keys.some(isOn) && !seen.has(command.id);
    seen.add(command.id);
    return isNew;
  });
}
