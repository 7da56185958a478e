// A list of the server's, page by page, for what has no place in the live store: cases, contacts, leads. Refuses to hold rows that the
// reader may not see: a 403 is its own state.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ApiError } from "../../api/client";

type Page<T> = { items: T[]; next_cursor?: string | null };

export type PagesState<T> = {
  items: readonly T[];
  status: "loading" | "ready" | "error" | "forbidden";
  error: ApiError | undefined;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Whether what is shown is of the search before. */
  isStale: boolean;
  loadMore: () => void;
  reload: () => void;
};

export function usePages<T>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): PagesState<T> {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (page: Page<T>) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const error = query.error === null ? undefined : ApiError.of(query.error);
  const failed = error?.status === 403 ? "forbidden" : "error";
  return {
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    status: query.data !== undefined ? "ready" : error === undefined ? "loading" : failed,
    error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    loadMore: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}
