// The shape of a recording, which never changes once it can be heard.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";

export function usePeaks(callId: string, recordingId: string) {
  return useQuery<Schemas["PeaksView"], ApiError>({
    queryKey: ["peaks", callId, recordingId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/calls/{id}/recordings/{recording_id}/peaks", {
          params: { path: { id: callId, recording_id: recordingId } },
          signal,
        }),
      ),
  });
}
