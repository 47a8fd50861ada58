/**
 * Lines drawn by hand over the figure, without the DOM: read, thinned, written. Points are whole numbers of the view's
 * units, x, y, x, y, … The server reads them as strictly (rules/strokes.py).
 * @typedef {{view: string, lines: number[][]}} Stroke
 */

export const MOST_LINES = 20;
export const MOST_NUMBERS = 2000;
const LARGEST = 2000;
const THINNER = [2, 4, 8, 16, 32];

/** What a hidden field holds; no lines when there is nothing or it makes no sense. */
export function readStroke(text, view) {
  try {
    const { view: drawnOn, lines } = JSON.parse(text);
    return { view: drawnOn, lines: lines.map((line) => line.map(Number)) };
  } catch {
    return { view, lines: [] };
  }
}

/** What the hidden field shall hold: empty without a line. */
export function writeStroke({ view, lines }) {
  const kept = lines.filter((line) => line.length >= 4);
  return kept.length ? JSON.stringify({ view, lines: kept }) : '';
}

/** A point of the view as whole numbers inside it. */
export function snap({ x, y }) {
  return [x, y].map((number) => Math.min(LARGEST, Math.max(0, Math.round(number))));
}

/** How far a point lies from the line between two others. */
function off([x, y], [ax, ay], [bx, by]) {
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

/** Douglas and Peucker: the fewest points that stay within `tolerance` of the line. */
export function thin(line, tolerance) {
  const points = [];
  for (let i = 0; i + 1 < line.length; i += 2) points.push([line[i], line[i + 1]]);
  const keep = (from, to) => {
    let [farthest, most] = [0, tolerance];
    for (let i = from + 1; i < to; i += 1) {
      const distance = off(points[i], points[from], points[to]);
      if (distance > most) [farthest, most] = [i, distance];
    }
    return farthest ? [...keep(from, farthest), ...keep(farthest, to)] : [points[from]];
  };
  return points.length > 2 ? [...keep(0, points.length - 1), points.at(-1)].flat() : line;
}

/** A stroke with one more line, thinned until it fits; the same stroke when there is no room for another line. */
export function withLine(stroke, line, view) {
  const lines = stroke.view === view ? stroke.lines : [];
  if (lines.length >= MOST_LINES || line.length < 4) return stroke;
  const room = MOST_NUMBERS - lines.reduce((sum, known) => sum + known.length, 0);
  const fitting = THINNER.map((tolerance) => thin(line, tolerance)).find((thinner) => thinner.length <= room);
  return fitting ? { view, lines: [...lines, fitting] } : stroke;
}

/** A stroke without its last line. */
export function withoutLast({ view, lines }) {
  return { view, lines: lines.slice(0, -1) };
}

/** As path data. */
export function strokePath({ lines }) {
  return lines.map((line) => `M${line.map((number, i) => (i && i % 2 === 0 ? `L${number}` : number)).join(' ')}`).join('')
    .replaceAll(' L', 'L');
}
