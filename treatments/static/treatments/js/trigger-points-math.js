/** Where a trigger point lies and what follows from it. No DOM. */

/** A spot from its text, or null. @returns {{view: string, x: number, y: number, to?: {x: number, y: number}} | null} */
export function readSpot(text) {
  try {
    const { view, x, y, to } = JSON.parse(text);
    if (typeof view !== "string" || !Number.isFinite(x) || !Number.isFinite(y)) return null;
    return to ? { view, x, y, to: { x: to.x, y: to.y } } : { view, x, y };
  } catch {
    return null;
  }
}

/** As the form sends it: whole numbers, the arrow's end only if there is one. */
export function writeSpot(spot) {
  if (!spot) return "";
  const whole = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) });
  return JSON.stringify({ view: spot.view, ...whole(spot), ...(spot.to ? { to: whole(spot.to) } : {}) });
}

/**
 * The key of the region under a point, or "".
 * @param {Array<[string, string]>} shapes key and path data of one view
 * @param geometry of the body map
 */
export function regionAt(shapes, point, { contains, outlinesOf }) {
  const hit = shapes.find(([, path]) => outlinesOf(path).some((outline) => contains(outline, point)));
  return hit ? hit[0] : "";
}

/** "right" for "groin.right", "none" for the midline. */
export function sideOf(key) {
  const side = key.split(".")[1];
  return side === "left" || side === "right" ? side : "none";
}

/** Codes of the structures that lie in a region, in the order they are given. */
export function lyingIn(key, codes, liesIn) {
  const region = key.split(".")[0];
  return region ? codes.filter((code) => liesIn[code]?.includes(region)) : [];
}

/** A point's disc as large on the screen whatever is cut out. */
export function discRadius(box, frame, pixels = 11) {
  const scale = Math.min(frame.width / box.width, frame.height / box.height);
  return Math.round((pixels / (scale || 1)) * 10) / 10;
}
