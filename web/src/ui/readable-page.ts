// Keeps the page readable for assistive technology while a list under a field is open. Base UI hides everything else then, although focus
// can go there: that is right for modal dialogs, and wrong for a combobox. Refuses to touch what was hidden before.

/** To be called before a list opens: takes back what is hidden in the next two frames. */
export function keepPageReadable(): void {
  const observer = new MutationObserver(show);
  observer.observe(document.body, { subtree: true, attributeFilter: ["aria-hidden"], attributeOldValue: true });
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      show(observer.takeRecords());
      observer.disconnect();
    }),
  );
}

function show(records: readonly MutationRecord[]): void {
  for (const { target, oldValue } of records) {
    if (target instanceof Element && oldValue === null && target.getAttribute("aria-hidden") === "true") {
      target.removeAttribute("aria-hidden");
    }
  }
}
