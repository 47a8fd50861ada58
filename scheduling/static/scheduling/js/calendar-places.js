/** Pure reckoning for moving and stretching cards: minutes since midnight, pixels, and what stands in the way. */

export const SHORTEST = 5;
export const LONGEST = 480;

const between = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** "09:05" of 545. */
export function clockOf(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

export function snap(minute, step) {
  return Math.round(minute / step) * step;
}

/**
 * Where a dragged card begins. `y` and `grip` are pixels: of the pointer below the first hour, and below the card's top.
 * @returns {number} a minute on the step, such that the card stays between the first and the last hour
 */
export function droppedAt({ y, grip, perMinute, opens, closes, length, step }) {
  return between(snap(opens + (y - grip) / perMinute, step), opens, Math.floor((closes - length) / step) * step);
}

/** Where a card ends whose lower edge is dragged to `y`. */
export function stretchedTo({ y, perMinute, opens, closes, start, step }) {
  const shortest = start + SHORTEST;
  const wanted = snap(opens + y / perMinute, step);
  return between(wanted, Math.ceil(shortest / step) * step, Math.min(closes, start + LONGEST));
}

/** The next minute on the step, in a direction of -1 or 1. */
export function stepped(minute, step, direction) {
  return direction > 0 ? (Math.floor(minute / step) + 1) * step : (Math.ceil(minute / step) - 1) * step;
}

/** Where an arrow takes a card: up and down by the step, sideways to the next column. */
export function movedBy({ start, length, column }, key, { step, columns, opens, closes }) {
  if (key === "ArrowLeft" || key === "ArrowRight") {
    return { column: between(column + (key === "ArrowRight" ? 1 : -1), 0, columns - 1), start };
  }
  return { column, start: between(stepped(start, step, key === "ArrowDown" ? 1 : -1), opens, closes - length) };
}

/** The end that Shift and an arrow give a card. */
export function stretchedBy({ start, end }, key, { step, closes }) {
  const next = stepped(end, step, key === "ArrowDown" ? 1 : -1);
  return between(next, start + SHORTEST, Math.min(closes, start + LONGEST));
}

/** The column under `x`: the last one that begins before it. */
export function columnAt(lefts, x) {
  let found = 0;
  for (let index = 1; index < lefts.length && lefts[index] <= x; index += 1) found = index;
  return found;
}

/**
 * What a place is: "" when nothing speaks against it, "over", "off" (not at work) or "taken".
 * A visit must fit between the hours; its buffer only keeps others away.
 * @param {{start: number, end: number, buffer?: number, isOver?: boolean}} place
 * @param {{start: number, end: number, kind: "off" | "taken"}[]} others
 */
export function verdict({ start, end, buffer = 0, isOver = false }, others) {
  if (isOver) return "over";
  const meets = (other, until) => other.start < until && start < other.end;
  if (others.some((other) => other.kind === "off" && meets(other, end))) return "off";
  return others.some((other) => other.kind === "taken" && meets(other, end + buffer)) ? "taken" : "";
}

/** How fast the calendar scrolls, in pixels a frame, when the pointer is `distance` pixels inside an edge. */
export function scrollSpeed(distance, zone = 48) {
  return distance >= zone ? 0 : Math.ceil(((zone - Math.max(distance, 0)) / zone) * 14);
}

/** `text` with {name} and such filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
