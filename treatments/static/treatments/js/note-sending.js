/** Sending parts of a note to the server, and what pages that are gone left on this device. */
import { csrfToken } from "../../ui/js/page.js";
import { changedParts, pick } from "./draft-parts.js";

const LONGEST_ANSWER_MS = 15_000;

/** One save. Throws when there is no answer in time. */
export async function sendParts(url, { fields, base, parts, version, settles = false, device, at = Date.now() }) {
  const body = new URLSearchParams(fields);
  for (const [name, value] of [["parts", parts.join(",")], ["base", base], ["device", device], ["at", at]]) body.append(name, value);
  if (settles) body.append("settles", "1");
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { Accept: "application/json", "HX-Request": "true", "If-Match": `"${version}"`, "X-CSRFToken": csrfToken() },
    keepalive: body.toString().length < 60_000,
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const wait = Number(answer.headers.get("Retry-After")) * 1000 || undefined;
  return { status: answer.status, redirected: answer.redirected, wait, body: isJson ? await answer.json() : {} };
}

/** What cannot simply be put back, as it was typed: the server joins it, or keeps it beside the note. */
export async function sendKept(url, kept, parts = changedParts(kept.base, kept.body)) {
  const [fields, base] = [pick(kept.body, parts), pick(kept.base, parts)];
  const sent = { fields, base, parts, version: kept.version, device: kept.device, at: kept.at };
  const answer = await sendParts(url, sent).catch(() => ({ status: 0, body: {} }));
  const details = answer.body.details ?? {};
  const hasArrived = (answer.status === 200 && !answer.redirected) || details.is_set_aside !== undefined;
  return { ...answer, details, hasArrived };
}
