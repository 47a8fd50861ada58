/**
 * A draft as the parts that are compared and saved as one: a text by itself, a table with all its rows. Without the DOM.
 * A body is the form, urlencoded. Empty boxes, empty rows and the numbers of rows say nothing.
 */
const ROW = /^([^-]+)-(\d+)-(.+)$/;
const OURS = new Set(["version", "device", "csrfmiddlewaretoken"]);

/** "plan" of "plan", "rom" of "rom-hip-flexion-right": the server cuts them the same way. */
export const partOf = (name) => name.split("-", 1)[0];

/** A row with nothing but a side is an empty row. */
const says = (name, value) => value !== "" && name !== "side";

/** Names and values of a body by part, in their order. */
export function partsOf(body) {
  const parts = new Map();
  for (const [name, value] of new URLSearchParams(body)) {
    if (OURS.has(name)) continue;
    const part = partOf(name);
    if (!parts.has(part)) parts.set(part, []);
    parts.get(part).push([name, value]);
  }
  return parts;
}

/** The rows of a table in their order, without the empty ones: lists of [name within the row, value]. */
export function rowsOf(entries) {
  const rows = new Map();
  for (const [name, value] of entries) {
    const [, , index, field] = ROW.exec(name) ?? [];
    if (field === undefined) continue;
    if (!rows.has(Number(index))) rows.set(Number(index), []);
    rows.get(Number(index)).push([field, value]);
  }
  const inOrder = [...rows].sort(([one], [other]) => one - other).map(([, row]) => row);
  return inOrder.filter((row) => row.some(([field, value]) => says(field, value)));
}

/** What a part says, whatever the numbers of its rows: two that mean the same are equal. */
export function meaning(entries = []) {
  const single = entries.filter(([name, value]) => !ROW.test(name) && !name.endsWith("_FORMS") && value !== "");
  const rows = rowsOf(entries).map((row) => row.filter(([, value]) => value !== ""));
  return JSON.stringify([single, rows]);
}

/** Parts that mean something else in `after` than in `before`. */
export function changedParts(before, after) {
  if (before === after) return [];
  const [was, is] = [partsOf(before), partsOf(after)];
  const names = new Set([...was.keys(), ...is.keys()]);
  return [...names].filter((part) => meaning(was.get(part)) !== meaning(is.get(part)));
}

/** These parts of a body, as a body. */
export function pick(body, parts) {
  const wanted = new Set(parts);
  const entries = [...new URLSearchParams(body)].filter(([name]) => wanted.has(partOf(name)) && !OURS.has(name));
  return new URLSearchParams(entries).toString();
}

/** `body`, with these parts as they are in `other`. */
export function mixed(body, other, parts) {
  if (!parts.length) return body;
  const wanted = new Set(parts);
  const rest = [...new URLSearchParams(body)].filter(([name]) => !wanted.has(partOf(name)));
  return new URLSearchParams([...rest, ...new URLSearchParams(pick(other, parts))]).toString();
}

/**
 * What becomes of a text that was kept on the device, over the page as it is now: parts to put back by themselves, where
 * the note still says what they were typed over (or what was sent and never answered), and parts that somebody has to
 * choose about.
 * @param {{body: string, base: string, attempt?: {body: string}|null}} kept
 * @param {string} current
 */
export function recovery(kept, current) {
  const [mine, base, sent, now] = [kept.body, kept.base, kept.attempt?.body ?? kept.base, current].map(partsOf);
  const found = { restore: [], disputed: [] };
  for (const part of changedParts(kept.base, kept.body)) {
    const is = meaning(now.get(part));
    if (is === meaning(mine.get(part))) continue;
    const isOurs = is === meaning(base.get(part)) || is === meaning(sent.get(part));
    found[isOurs ? "restore" : "disputed"].push(part);
  }
  return found;
}
