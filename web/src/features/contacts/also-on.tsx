// Who else holds a number, found by searching contacts by its digits. Such a number routes by case, and its texts show no name where
// several hold it; so it is said here. Refuses more than names.
import { useContactSearch } from "../../live/requests";
import { text } from "../../text/en";
import { plain } from "../../ui";
import { contactHref, LINK, ScreenLink } from "../cases/place";

export function AlsoOn({ contactId, e164 }: { contactId: string; e164: string }) {
  const found = useContactSearch(e164.replace(/\D/g, ""));
  const others = (found.data?.items ?? []).filter(
    ({ id, phones }) => id !== contactId && phones.some((phone) => phone.e164 === e164),
  );
  if (others.length === 0) {
    return null;
  }
  const [before, after] = text.contacts.alsoOn("\n").split("\n");
  return (
    <p className="text-sm text-muted">
      {before}
      {others.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 ? ", " : null}
          <ScreenLink href={contactHref(id)} className={LINK}>
            <bdi>{plain(name)}</bdi>
          </ScreenLink>
        </span>
      ))}
      {after}
    </p>
  );
}
