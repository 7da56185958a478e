// Where the focus goes around a dialog that is mounted while it is open: after it, back to what opened it (for an entry of a menu: the
// menu's button), else to a fallback; after a refusal, to the first field that is wrong.
import { type RefObject, useEffect, useRef, useState } from "react";

function openerNow(): HTMLElement | undefined {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) {
    return undefined;
  }
  const trigger = at.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return (trigger ? document.getElementById(trigger) : null) ?? at;
}

function isReachable(element: HTMLElement | null | undefined): element is HTMLElement {
  return element?.isConnected === true && element.offsetParent !== null;
}

export function useReturnFocus(fallback?: RefObject<HTMLElement | null>): void {
  const [opener] = useState(openerNow);
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      // After the dialog's own return of the focus, which does not know elements that were taken away meanwhile.
      setTimeout(() => {
        const target = [opener, fallback?.current].find(isReachable);
        if (!isMounted.current && target !== undefined && document.querySelector('[role$="dialog"]') === null) {
          target.focus({ preventScroll: true });
        }
      }, 30);
    };
  }, [opener, fallback]);
}

/** The first wrong field of the open dialog, once the page shows it as wrong. */
export function focusWrong(): void {
  setTimeout(() => {
    const wrong = document.querySelector<HTMLElement>('[role="dialog"] [aria-invalid="true"]');
    wrong?.focus();
  }, 30);
}
