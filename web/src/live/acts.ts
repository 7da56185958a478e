// What people do, as requests. Each answer goes through the same reducer as events, so that a screen shows it at once and
// the event that follows changes nothing. Every act throws ApiError. Refuses to guess: only dismissing is shown before the
// server agreed.
import { api, type Schemas, unwrap } from "../api/client";
import type { MessageView } from "./model";
import { live } from "./store";

type Done = Promise<void>;
const path = <T extends string>(id: T) => ({ params: { path: { id } } });

/** Takes a text for a case; with "sender" all unclaimed ones of that sender. */
export async function claim(
  messageId: string,
  caseNumber: string,
  scope: "message" | "sender",
): Promise<MessageView[]> {
  const request = { ...path(messageId), body: { case_id: caseNumber, scope } };
  const { items } = await live().answer(
    unwrap(api.POST("/api/omnichannel/messages/{id}/claim", request)),
    (a) => a.items,
  );
  return items;
}

/** Puts a claimed text back to all its candidates. */
export async function release(messageId: string): Done {
  await unwrap(api.POST("/api/omnichannel/messages/{id}/release", path(messageId)));
}

/** Hides a text from the reader's own inbox: in one case, or in all of them. */
export async function dismiss(messageId: string, caseNumber?: string): Done {
  const body = caseNumber === undefined ? {} : { case_id: caseNumber };
  await live().foresee(messageId, caseNumber, true, () =>
    unwrap(api.POST("/api/omnichannel/messages/{id}/dismiss", { ...path(messageId), body })),
  );
}

/** Shows a text again that the reader hid. */
export async function undismiss(messageId: string, caseNumber?: string): Done {
  const body = caseNumber === undefined ? {} : { case_id: caseNumber };
  await live().foresee(messageId, caseNumber, false, () =>
    unwrap(api.POST("/api/omnichannel/messages/{id}/undismiss", { ...path(messageId), body })),
  );
}

/** Takes a text to another case, lead or contact. */
export async function move(messageId: string, to: Schemas["MoveRequest"]): Promise<MessageView> {
  const request = { ...path(messageId), body: to };
  return await live().answer(unwrap(api.POST("/api/omnichannel/messages/{id}/move", request)), (a) => [a]);
}

/** Sends again what failed, from the part that did. */
export async function retry(messageId: string, confirmDuplicate = false): Promise<MessageView> {
  const request = { ...path(messageId), body: { confirm_duplicate: confirmDuplicate } };
  return await live().answer(unwrap(api.POST("/api/omnichannel/messages/{id}/retry", request)), (a) => [a]);
}

export async function sendText(request: Schemas["SendRequest"]): Promise<MessageView> {
  return await live().answer(unwrap(api.POST("/api/omnichannel/messages", { body: request })), (a) => [a]);
}

export async function addCaseContact(
  caseNumber: string,
  request: Schemas["AddCaseContactRequest"],
): Promise<Schemas["CaseContactView"]> {
  const params = { path: { mycase_case_id: caseNumber } };
  const added = await unwrap(api.POST("/api/cases/{mycase_case_id}/contacts", { params, body: request }));
  live().learn({ type: "case_contact_added", case_contact: added });
  return added;
}

export async function changeCaseContactRole(
  caseNumber: string,
  id: string,
  roleId: string,
): Promise<Schemas["CaseContactView"]> {
  const params = { path: { mycase_case_id: caseNumber, id } };
  const body = { contact_role_id: roleId };
  const changed = await unwrap(api.PATCH("/api/cases/{mycase_case_id}/contacts/{id}", { params, body }));
  live().learn({ type: "case_contact_changed", case_contact: changed });
  return changed;
}

export async function removeCaseContact(caseNumber: string, id: string): Done {
  const params = { path: { mycase_case_id: caseNumber, id } };
  await unwrap(api.DELETE("/api/cases/{mycase_case_id}/contacts/{id}", { params }));
  live().resources.caseContacts(caseNumber).ask();
}

export async function createContact(request: Schemas["NewContactRequest"]): Promise<Schemas["ContactView"]> {
  return await contact(unwrap(api.POST("/api/contacts", { body: request })));
}

export async function renameContact(id: string, request: Schemas["ContactRequest"]): Promise<Schemas["ContactView"]> {
  return await contact(unwrap(api.PATCH("/api/contacts/{id}", { ...path(id), body: request })));
}

export async function addPhone(
  contactId: string,
  request: Schemas["NewPhoneRequest"],
): Promise<Schemas["ContactView"]> {
  return await contact(unwrap(api.POST("/api/contacts/{id}/phones", { ...path(contactId), body: request })));
}

export async function changePhone(
  contactId: string,
  phoneId: string,
  request: Schemas["PhoneRequest"],
): Promise<Schemas["ContactView"]> {
  const params = { path: { id: contactId, phone_id: phoneId } };
  return await contact(unwrap(api.PATCH("/api/contacts/{id}/phones/{phone_id}", { params, body: request })));
}

export async function removePhone(contactId: string, phoneId: string): Done {
  const params = { path: { id: contactId, phone_id: phoneId } };
  await unwrap(api.DELETE("/api/contacts/{id}/phones/{phone_id}", { params }));
  live().resources.contact(contactId).ask();
}

export async function createLead(request: Schemas["NewLeadRequest"]): Promise<Schemas["LeadView"]> {
  return await unwrap(api.POST("/api/leads", { body: request }));
}

async function contact(answer: Promise<Schemas["ContactView"]>): Promise<Schemas["ContactView"]> {
  const changed = await answer;
  live().learn({ type: "contact_changed", contact: changed });
  return changed;
}
