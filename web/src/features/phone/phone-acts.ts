// What people do with calls, as requests. Each answer goes through the same reducer as events. Every act throws ApiError.
// Refuses to foresee anything: call control is shown when the server did it.
import { api, type Schemas, unwrap } from "../../api/client";
import type { CallView, SupervisionMode } from "../../live/model";
import { live } from "../../live/store";

export type CallRequest = Schemas["CallRequest"];
export type CallAct = Schemas["CallRequestedAct"];

const at = (id: string) => ({ params: { path: { id } } });

async function learn(answer: Promise<CallView>): Promise<CallView> {
  const call = await answer;
  live().learn({ type: "call_changed", cause: "changed", call });
  return call;
}

/** Calls somebody. The reader's one softphone, wherever it is open, does what is to be done. */
export async function placeCall(body: CallRequest): Promise<CallView> {
  return await learn(unwrap(api.POST("/api/calls", { body })));
}

export async function act(callId: string, body: CallAct): Promise<CallView> {
  return await learn(unwrap(api.PATCH("/api/calls/{id}", { ...at(callId), body })));
}

/** Offers this browser's sound for the reader's own part; gives the answer of the other side. */
export async function offerLeg(callId: string, softphoneId: string, sdp: string): Promise<string> {
  const body = { softphone_id: softphoneId, sdp };
  return (await unwrap(api.POST("/api/calls/{id}/leg", { ...at(callId), body }))).sdp;
}

export async function supervise(callId: string, mode: SupervisionMode): Promise<void> {
  takeSupervisors(await unwrap(api.POST("/api/calls/{id}/supervision", { ...at(callId), body: { mode } })));
}

export async function switchSupervision(callId: string, mode: SupervisionMode): Promise<void> {
  takeSupervisors(await unwrap(api.PATCH("/api/calls/{id}/supervision", { ...at(callId), body: { mode } })));
}

export async function leaveSupervision(callId: string): Promise<void> {
  await unwrap(api.DELETE("/api/calls/{id}/supervision", at(callId)));
}

function takeSupervisors(call: CallView): void {
  live().learn({ type: "call_changed", cause: "changed", call });
  live().learn({ type: "call_supervision_changed", call_id: call.id, supervisors: call.supervisors ?? [] });
}

export type Lease = Schemas["SoftphoneView"];

/** Asks for the reader's calls, or goes on having them. */
export async function leaseSoftphone(id: string, takeover: boolean): Promise<Lease> {
  return await unwrap(api.POST("/api/softphones", { body: { id, takeover } }));
}

export async function giveUpSoftphone(id: string): Promise<void> {
  await unwrap(api.DELETE("/api/softphones/{id}", at(id)));
}
