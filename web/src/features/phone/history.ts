// The lists of calls that were, page by page. Voicemails are found among the calls that nobody took. Read anew when a call changes.
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ApiError, api, unwrap } from "../../api/client";
import type { CallView } from "../../live/model";
import { said } from "../../live/requests";
import type { Page } from "../../live/source";

export const HISTORIES = ["all", "missed", "voicemail"] as const;
export type History = (typeof HISTORIES)[number];
const PAGE = 30;

const voicemailsOf = (page: Page<CallView>): Page<CallView> => ({
  ...page,
  items: page.items.filter(({ status }) => status === "voicemail"),
});

export function useHistory(which: History) {
  return useInfiniteQuery<Page<CallView>, ApiError, { pages: Page<CallView>[] }, readonly string[], string | undefined>(
    {
      queryKey: ["calls", which],
      initialPageParam: undefined,
      select: ({ pages }) => ({ pages: which === "voicemail" ? pages.map(voicemailsOf) : pages }),
      getNextPageParam: (last) => last.next_cursor ?? undefined,
      queryFn: ({ signal, pageParam }) =>
        unwrap(
          api.GET("/api/calls", {
            params: {
              query: said({
                view: which === "all" ? ("history" as const) : ("missed" as const),
                cursor: pageParam,
                limit: PAGE,
              }),
            },
            signal,
          }),
        ),
    },
  );
}
