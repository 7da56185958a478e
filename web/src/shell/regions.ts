// Going from region to region by F6: every element with `data-region` that is in sight, in the order of the page; each gives the focus to
// what had it last, or to itself. While a modal dialog is open only it and the toasts are regions.

const last = new WeakMap<Element, HTMLElement>();

/** Remembers where in its region the focus is. */
export function watchRegions(): () => void {
  const remember = (event: FocusEvent) => {
    if (event.target instanceof HTMLElement) {
      const region = event.target.closest("[data-region]");
      if (region && region !== event.target) {
        last.set(region, event.target);
      }
    }
  };
  document.addEventListener("focusin", remember);
  return () => document.removeEventListener("focusin", remember);
}

export function goToRegion(step: 1 | -1): void {
  const regions = regionsInSight();
  const focus = document.activeElement;
  const here = regions.findLastIndex((region) => region.contains(focus));
  const from = here === -1 && step === -1 ? 0 : here;
  const next = regions.at((from + step + regions.length) % Math.max(1, regions.length));
  if (next) {
    enter(next);
  }
}

/** Puts the focus on an element, which need not be focusable by itself. */
export function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
  }
  element.focus();
}

function enter(region: HTMLElement): void {
  const before = last.get(region);
  if (before?.isConnected && region.contains(before)) {
    before.focus();
    if (document.activeElement === before) {
      return;
    }
  }
  // Toasts are there to be acted on: the newest one's button has the focus.
  const act = region.dataset.region === "toasts" ? [...region.querySelectorAll("button")].at(-2) : undefined;
  if (act) {
    act.focus();
  } else {
    focusOn(region);
  }
}

function regionsInSight(): readonly HTMLElement[] {
  const modal = document.activeElement?.closest<HTMLElement>("[role='dialog'], [role='alertdialog']");
  const seen = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(isInSight);
  // A region that is made of regions is none by itself.
  const all = seen.filter((region) => !seen.some((other) => other !== region && region.contains(other)));
  return modal ? [modal, ...all.filter((region) => region.dataset.region === "toasts")] : all;
}

function isInSight(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 && element.closest("[inert]") === null;
}
