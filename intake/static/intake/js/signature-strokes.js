/**
 * A signature as data, without the DOM: strokes of whole-number points on a field of 1000 by 320.
 * @typedef {number[]} Stroke x, y, x, y, …
 */

export const FIELD = { width: 1000, height: 320 };
export const MOST_STROKES = 60;
export const MOST_POINTS = 4000;
const LEAST_STEP = 4;

/** A point of the page as a point of the field, kept inside it. */
export function toField({ x, y }, { left, top, width, height }) {
  const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
  return [
    within(((x - left) / width) * FIELD.width, FIELD.width),
    within(((y - top) / height) * FIELD.height, FIELD.height),
  ];
}

/** Adds a point to the last stroke unless it hardly moved or the signature is full. Returns whether it was added. */
export function extend(strokes, [x, y]) {
  const stroke = strokes.at(-1);
  if (!stroke || pointsIn(strokes) >= MOST_POINTS) return false;
  const moved = Math.hypot(x - stroke.at(-2), y - stroke.at(-1));
  if (stroke.length && moved < LEAST_STEP) return false;
  stroke.push(x, y);
  return true;
}

/** Counted stroke by stroke: this is asked with every move of the hand. */
function pointsIn(strokes) {
  return strokes.reduce((sum, stroke) => sum + stroke.length, 0) / 2;
}

/** Begins a stroke, unless there are too many. */
export function begin(strokes, point) {
  if (strokes.length >= MOST_STROKES) return false;
  strokes.push([...point]);
  return true;
}

/** Strokes as SVG path data; a dot becomes a short line, so that round ends show it. */
export function toPath(strokes) {
  return strokes
    .filter((stroke) => stroke.length >= 2)
    .map(([x, y, ...rest]) => {
      if (rest.length === 0) return `M${x} ${y}h1`;
      const pairs = [];
      for (let i = 0; i + 1 < rest.length; i += 2) pairs.push(`${rest[i]} ${rest[i + 1]}`);
      return `M${x} ${y}L${pairs.join(' ')}`;
    })
    .join('');
}

/** What is sent: nothing for an empty field. */
export function serialize(strokes) {
  return strokes.length ? JSON.stringify({ width: FIELD.width, height: FIELD.height, strokes }) : '';
}

/** What was saved, or no strokes when it cannot be read. */
export function parse(text) {
  try {
    const { strokes } = JSON.parse(text);
    return strokes.filter((stroke) => Array.isArray(stroke) && stroke.every(Number.isInteger));
  } catch {
    return [];
  }
}
