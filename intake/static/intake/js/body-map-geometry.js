/**
 * The geometry of the body map, without the DOM: boxes and anchors of regions, crops, arrows, where labels stand.
 * All lengths are in a view's own units unless a name says pixels.
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

/** Outlines of a path made of absolute `M`, relative `l` and `z`, as lists of points. */
export function outlinesOf(path) {
  return path.split('M').slice(1).map((part) => {
    const numbers = (part.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
    let [x, y] = numbers;
    const points = [{ x, y }];
    for (let i = 2; i + 1 < numbers.length; i += 2) {
      x += numbers[i];
      y += numbers[i + 1];
      points.push({ x, y });
    }
    return points;
  });
}

/** The box round some points. */
export function boxOf(points) {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Twice the signed area of an outline. */
function doubleArea(points) {
  return points.reduce((sum, p, i) => {
    const q = points[(i + 1) % points.length];
    return sum + p.x * q.y - q.x * p.y;
  }, 0);
}

/** Whether a point lies inside an outline (even-odd). */
export function contains(points, { x, y }) {
  let inside = false;
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length];
    if (p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x) inside = !inside;
  });
  return inside;
}

/** The middle of the widest stretch of an outline at one height. */
function middleAt(points, y) {
  const crossings = [];
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length];
    if (p.y > y !== q.y > y) crossings.push(((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x);
  });
  crossings.sort((a, b) => a - b);
  let best = { from: points[0].x, to: points[0].x };
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    if (crossings[i + 1] - crossings[i] > best.to - best.from) best = { from: crossings[i], to: crossings[i + 1] };
  }
  return { x: (best.from + best.to) / 2, y };
}

/**
 * The shape of a region: its box, and an anchor that surely lies inside its largest part.
 * @param {string} path
 * @returns {{box: Box, anchor: Point}}
 */
export function shapeOf(path) {
  const outlines = outlinesOf(path);
  const largest = outlines.reduce((a, b) => (Math.abs(doubleArea(b)) > Math.abs(doubleArea(a)) ? b : a));
  const box = boxOf(largest);
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const anchor = contains(largest, centre) ? centre : middleAt(largest, centre.y + 0.5);
  return { box: boxOf(outlines.flat()), anchor };
}

/** Reads a viewBox attribute. */
export function parseBox(text) {
  const [x, y, width, height] = text.split(/[\s,]+/).map(Number);
  return { x, y, width, height };
}

/** Writes a viewBox attribute. */
export function formatBox({ x, y, width, height }) {
  return [x, y, width, height].map((n) => Math.round(n)).join(' ');
}

/** How a crop lies in a frame of pixels (xMidYMid meet). */
export function fit(crop, frame) {
  const scale = Math.min(frame.width / crop.width, frame.height / crop.height);
  return {
    scale,
    left: (frame.width - crop.width * scale) / 2 - crop.x * scale,
    top: (frame.height - crop.height * scale) / 2 - crop.y * scale,
  };
}

/** A point of the view in pixels of the frame. */
export function toPixels(point, { scale, left, top }) {
  return { x: left + point.x * scale, y: top + point.y * scale };
}

/** The least extent of a region on screen, in pixels: what a finger has to hit. */
export function fingerRoom(box, scale) {
  return Math.min(box.width, box.height) * scale;
}

/** How wide the magnified crops are, in view units. */
export const MAGNIFIED = [440, 220, 130];

/** A crop of a given width round a point, with the frame's proportions, kept inside the whole view. */
export function cropAround(point, width, frame, whole) {
  const height = (width * frame.height) / frame.width;
  const within = (at, size, start, length) =>
    size >= length ? start + (length - size) / 2 : Math.min(Math.max(at - size / 2, start), start + length - size);
  return {
    x: within(point.x, width, whole.x, whole.width),
    y: within(point.y, height, whole.y, whole.height),
    width,
    height,
  };
}

/**
 * The next closer crop for a region too small for a finger, or null when it is large enough or as close as it gets.
 * @param {{box: Box, anchor: Point}} shape
 * @param {Box} crop what is shown now
 */
export function closerCrop(shape, crop, frame, whole, fingerPixels = 44) {
  if (fingerRoom(shape.box, fit(crop, frame).scale) >= fingerPixels) return null;
  for (const width of MAGNIFIED) {
    const next = cropAround(shape.anchor, width, frame, whole);
    const scale = fit(next, frame).scale;
    if (scale <= fit(crop, frame).scale * 1.15) continue;
    if (fingerRoom(shape.box, scale) >= fingerPixels || width === MAGNIFIED.at(-1)) return next;
  }
  return null;
}

const ALONG = {
  ArrowLeft: (d) => [-d.x, Math.abs(d.y)],
  ArrowRight: (d) => [d.x, Math.abs(d.y)],
  ArrowUp: (d) => [-d.y, Math.abs(d.x)],
  ArrowDown: (d) => [d.y, Math.abs(d.x)],
};

/**
 * The nearest place in the direction of an arrow key; sideways distance counts double. Null when there is none.
 * @template {{anchor: Point}} P
 * @param {P} from @param {keyof ALONG} key @param {P[]} places
 */
export function nearest(from, key, places) {
  let best = null;
  let least = Infinity;
  for (const place of places) {
    if (place === from) continue;
    const [ahead, aside] = ALONG[key]({ x: place.anchor.x - from.anchor.x, y: place.anchor.y - from.anchor.y });
    if (ahead <= 1) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}

/** An arrow from one point to another, bent to the outside of the figure, as path data. */
export function arrowPath(from, to, middleX, head = 30) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const out = (from.x + to.x) / 2 < middleX ? -1 : 1;
  const normal = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const sign = Math.sign(normal.x || 1) === out ? 1 : -1;
  const bend = {
    x: (from.x + to.x) / 2 + sign * normal.x * length * 0.28,
    y: (from.y + to.y) / 2 + sign * normal.y * length * 0.28,
  };
  const angle = Math.atan2(to.y - bend.y, to.x - bend.x);
  const wing = (turn) =>
    `${Math.round(to.x - head * Math.cos(angle + turn))} ${Math.round(to.y - head * Math.sin(angle + turn))}`;
  const at = (p) => `${Math.round(p.x)} ${Math.round(p.y)}`;
  return `M${at(from)}Q${at(bend)} ${at(to)}M${wing(0.5)}L${at(to)}L${wing(-0.5)}`;
}

/** How far below a label's top its leader begins, in pixels. */
export const LEADER_DROP = 12;

/**
 * Where the labels of the marked places stand: left or right of the figure, level with their place, never over one another.
 * @param {{key: string, x: number, y: number}[]} anchors in pixels of the frame
 * @param {{width: number, height: number, pinHeight: number, top?: number}} frame
 */
export function layPins(anchors, { width, height, pinHeight, top = 28 }) {
  const columns = { left: [], right: [] };
  for (const anchor of [...anchors].sort((a, b) => a.y - b.y)) {
    const middle = width / 2;
    const crowded = columns.left.length - columns.right.length;
    const isLeft = Math.abs(anchor.x - middle) < 24 ? crowded < 0 : anchor.x < middle;
    columns[isLeft ? 'left' : 'right'].push(anchor);
  }
  return Object.entries(columns).flatMap(([side, column]) => {
    let free = top;
    const tops = column.map((anchor) => {
      const at = Math.max(anchor.y - LEADER_DROP, free);
      free = at + pinHeight;
      return at;
    });
    const over = Math.max(0, free - height);
    return column.map((anchor, i) => ({ ...anchor, side, top: Math.max(0, tops[i] - over) }));
  });
}
