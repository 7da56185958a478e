// The title of the browser's tab: the page's own words, with the number of unclaimed conversations before it. Screens say their words by
// `usePageTitle`; the shell keeps the number.
import { useEffect } from "react";
import { text } from "../text/en";

let page = "";
let count = 0;
let mark: string | undefined;

function write(): void {
  const said =
    page === "" ? text.shell.product : count > 0 ? text.shell.titleWithCount(count, page) : text.shell.title(page);
  const whole = mark === undefined ? said : text.shell.titleWithMark(mark, said);
  if (document.title !== whole) {
    document.title = whole;
  }
}

/** What the page is about, such as "Inbox" or a case's number and caption. The innermost screen that says something wins. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    write();
  }, [title]);
}

/** What is more urgent than the page, such as a call that rings. */
export function useTitleMark(words: string | undefined): void {
  useEffect(() => {
    mark = words;
    write();
    return () => {
      mark = undefined;
      write();
    };
  }, [words]);
}

export function useTitleBadge(unclaimed: number): void {
  useEffect(() => {
    count = unclaimed;
    write();
    return () => {
      count = 0;
      write();
    };
  }, [unclaimed]);
}
