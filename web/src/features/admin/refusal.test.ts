// A refusal stands at the field that it names, or beside the form.
import { expect, it } from "vitest";
import { ApiError } from "../../api/client";
import { errorAt, errorBeside } from "./refusal";

const refusal = (body: Record<string, unknown>, status = 422) => new ApiError(status, body);

it("stands at the field that it names, with the reason alone", () => {
  const error = refusal({
    code: "invalid_field",
    field: "email",
    detail: "The field `email` cannot be taken: it is no e-mail address.",
  });
  expect(errorAt(error, "email")).toBe("It is no e-mail address");
  expect(errorAt(error, "name")).toBeUndefined();
  expect(errorBeside(error, ["email", "name"])).toBeUndefined();
});

it("stands beside the form where the form lacks the field", () => {
  const error = refusal({ code: "invalid_field", field: "teams", detail: "The field `teams` cannot be taken: no." });
  expect(errorBeside(error, ["email"])).toBe("No");
});

it("finds the field of an entry in a list", () => {
  const error = refusal({
    code: "invalid_field",
    field: "embed_origins[1]",
    detail: "The field `embed_origins[1]` cannot be taken: no origin.",
  });
  expect(errorAt(error, "embed_origins")).toBe("No origin");
});

it("names the reference where the server failed, and not where it refused", () => {
  const failed = refusal(
    {
      code: "internal",
      title: "Something went wrong on our side",
      detail: "Something went wrong on our side",
      request_id: "r1",
    },
    500,
  );
  expect(errorBeside(failed, [])).toBe("Something went wrong on our side (Reference r1)");
  const refused = refusal({ code: "in_use", detail: "Somebody still holds this role.", request_id: "r2" }, 409);
  expect(errorBeside(refused, [])).toBe("Somebody still holds this role.");
});

it("says that the server was not reached", () => {
  expect(errorBeside(ApiError.network(), ["name"])).toContain("cannot be reached");
});
