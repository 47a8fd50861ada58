/** Small sums of the note's tables. No DOM. */

/** "+7", "±0", or nothing when one of the two is missing. */
export function delta(value, last) {
  const [now, then] = [toNumber(value), toNumber(last)];
  if (now === null || then === null) return "";
  if (now === then) return "±0";
  return now > then ? `+${now - then}` : `−${then - now}`;
}

/** Width of a value against its normal, where the normal is `full` wide. */
export function barWidth(value, normal, full = 96) {
  const [now, norm] = [toNumber(value), toNumber(normal)];
  if (now === null || !norm) return 0;
  return Math.round(Math.min(Math.max(now / norm, 0), 1) * full * 10) / 10;
}

/** Minutes of all rows. */
export function total(values) {
  return values.reduce((sum, value) => sum + Math.max(toNumber(value) ?? 0, 0), 0);
}

/** The next value of a stepper, between its ends; an empty box begins at the first step. */
export function stepped(value, step, { low = 1, high = 240, first = 5 } = {}) {
  const now = toNumber(value);
  if (now === null) return step > 0 ? first : null;
  return Math.min(Math.max(now + step, low), high);
}

/** The pain step a box stands for: 0 to 10, or null. */
export function painStep(value) {
  const now = toNumber(value);
  return now !== null && now >= 0 && now <= 10 ? now : null;
}

/** The next index for a new row: one past the highest that is there or was counted. */
export function nextIndex(names, prefix, counted) {
  const found = names.map((name) => new RegExp(`^${prefix}-(\\d+)-`).exec(name)).filter(Boolean);
  return Math.max(counted, ...found.map((match) => Number(match[1]) + 1), 0);
}

function toNumber(value) {
  const text = String(value ?? "").trim();
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

/** How a change stands to the error of measurement: "within" and "unclear" are both no real change. */
export function changeKind(by, low, high) {
  if (low === undefined || low === "") return "unknown";
  const size = Math.abs(by);
  return size <= Number(low) ? "within" : size > Number(high) ? "beyond" : "unclear";
}

/** Where the error of measurement lies round the last value, on a bar where the normal is `full` wide. */
export function errorBand(last, high, normal, full = 96) {
  const then = toNumber(last);
  if (then === null || !high || !toNumber(normal)) return null;
  const at = (value) => Math.round(Math.min(Math.max(value / normal, 0), 1) * full * 10) / 10;
  const low = at(then - Number(high));
  return { low, width: Math.round((at(then + Number(high)) - low) * 10) / 10 };
}

/** Whether a value falls where a flag of the knowledge says: "<=115", "<15", "30-70 with familiar pain". */
export function fits(when, value) {
  const bound = /^\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)/.exec(when);
  if (bound) {
    const limit = Number(bound[2]);
    return { "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit }[bound[1]];
  }
  const span = /^\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)(\s|$)/.exec(when);
  return Boolean(span) && Number(span[1]) <= value && value <= Number(span[2]);
}

/** Right less left, in millimetres; null unless both are whole numbers. */
export function legDifference(right, left) {
  const [one, other] = [toNumber(right), toNumber(left)];
  return one === null || other === null ? null : one - other;
}
