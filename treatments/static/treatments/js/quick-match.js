/** Finding a technique and a structure by the beginnings of their words: "tr gl mi 6" is Trigger point therapy, gluteus minimus, 6 minutes. No DOM. */

const plain = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** How well beginnings fit a label: each fits another word, in order counts more; 0 is not at all. */
export function fit(beginnings, label) {
  const rest = words(label);
  let score = 0;
  let last = -1;
  for (const beginning of beginnings) {
    const place = rest.findIndex((word) => word !== null && word.startsWith(beginning));
    if (place < 0) return 0;
    score += place > last ? 3 : 1;
    if (place === 0) score += 2;
    last = place;
    rest[place] = null;
  }
  return score;
}

/** The text in parts: beginnings of words, minutes if a number stands at its end, the side if it says so. */
export function parsed(text) {
  const parts = words(text);
  let minutes = null;
  let side = "";
  while (parts.length > 1) {
    const end = parts[parts.length - 1];
    if (minutes === null && /^\d{1,3}$/.test(end) && Number(end) >= 1 && Number(end) <= 240) minutes = Number(end);
    else if (!side && (end === "l" || end === "r")) side = end === "l" ? "left" : "right";
    else break;
    parts.pop();
  }
  return { parts, minutes, side };
}

/**
 * The best pairs of a technique and a structure, best first. Techniques come in their order on the page: the first of
 * equal ones wins.
 * @param {string} text
 * @param {{value: string, label: string}[]} techniques
 * @param {{value: string, label: string}[]} structures
 */
export function pairs(text, techniques, structures, most = 7) {
  const { parts, minutes, side } = parsed(text);
  if (parts.length === 0) return [];
  const found = [];
  for (let cut = parts.length; cut >= 1; cut -= 1) {
    const [first, second] = [parts.slice(0, cut), parts.slice(cut)];
    for (const technique of techniques) {
      const score = fit(first, technique.label);
      if (!score) continue;
      if (second.length === 0) {
        found.push({ technique, structure: null, minutes, side, score: score + 1 });
        continue;
      }
      for (const structure of structures) {
        const more = fit(second, structure.label);
        if (more) found.push({ technique, structure, minutes, side, score: score + more });
      }
    }
  }
  const seen = new Set();
  return found
    .sort((a, b) => b.score - a.score)
    .filter(({ technique, structure }) => {
      const key = `${technique.value} ${structure?.value ?? ""}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .slice(0, most);
}

/** The place of the label that beginnings of words fit best, the first of equal ones; -1 when none does. */
export function bestOf(labels, text) {
  const parts = words(text);
  if (parts.length === 0) return -1;
  const scores = labels.map((label) => fit(parts, label));
  const best = Math.max(...scores);
  return best > 0 ? scores.indexOf(best) : -1;
}
