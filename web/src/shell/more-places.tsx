// The menu of the places that a narrow window's rail has no room for.
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { text } from "../text/en";
import { Menu } from "../ui/menu";
import { PATHS, type PlaceName } from "./rights";

export function MorePlaces({ places }: { places: readonly { place: PlaceName; icon: ReactNode }[] }) {
  const [, navigate] = useLocation();
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={text.shell.nav.more}
          className="flex size-10 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink data-[popup-open]:bg-hover"
        >
          <Ellipsis aria-hidden="true" size={18} />
        </button>
      }
      items={places.map(({ place, icon }) => ({
        id: place,
        label: text.shell.nav[place],
        icon,
        onSelect: () => navigate(PATHS[place]),
      }))}
    />
  );
}
