/**
 * What is marked on the body map, without the DOM. The form's controls hold the truth; this reads and words it.
 * A place's key is `CODE` on the midline, else `CODE.left` or `CODE.right`.
 * @typedef {{key: string, qualities: string[], intensity: number|null, course: string, spreadsTo: string}} Mark
 */

/** The value of the spread control that hands over to the list of all places. */
export const ELSEWHERE = 'other';

/**
 * The marks that a form's entries describe, in the order of the places.
 * @param {Iterable<[string, string]>} entries as FormData gives them
 * @param {string} name the item's name, which every control's name starts with
 * @returns {Mark[]}
 */
export function marksFrom(entries, name) {
  const values = new Map();
  for (const [control, value] of entries) {
    if (!control.startsWith(`${name}.`)) continue;
    const part = control.slice(name.length + 1);
    values.set(part, [...(values.get(part) ?? []), value]);
  }
  const first = (part) => values.get(part)?.[0] ?? '';
  return (values.get('region') ?? []).map((key) => {
    const intensity = first(`intensity.${key}`);
    const spread = first(`spread.${key}`);
    return {
      key,
      qualities: values.get(`quality.${key}`) ?? [],
      intensity: intensity === '' ? null : Number(intensity),
      course: first(`course.${key}`),
      spreadsTo: spread === ELSEWHERE ? first(`elsewhere.${key}`) : spread,
    };
  });
}

/** What has to be painted: each marked place with its strength, and each place that pain runs to, if not marked itself. */
export function painted(marks) {
  const places = new Map();
  for (const mark of marks) {
    if (!mark.spreadsTo) continue;
    const known = places.get(mark.spreadsTo);
    const intensity = Math.max(known?.intensity ?? 0, mark.intensity ?? 0);
    places.set(mark.spreadsTo, { key: mark.spreadsTo, intensity, isSpread: true });
  }
  for (const mark of marks) places.set(mark.key, { key: mark.key, intensity: mark.intensity, isSpread: false });
  return [...places.values()].sort((a, b) => Number(b.isSpread) - Number(a.isSpread));
}

/** Fills `{name}` in a sentence that the server translated. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * One mark in words: "Outer hip, right: 7 of 10, burning, spreads to calf, right".
 * @param {Mark} mark
 * @param {{places: Map<string, {name: string}>, qualities: Map<string, string>, words: Record<string, string>}} lexicon
 */
export function describe(mark, { places, qualities, words }) {
  const facts = [];
  if (mark.intensity !== null) facts.push(fill(words.strength, { number: mark.intensity }));
  facts.push(...mark.qualities.map((code) => (qualities.get(code) ?? code).toLocaleLowerCase()));
  if (mark.spreadsTo) facts.push(fill(words.spreads, { place: lower(places.get(mark.spreadsTo)?.name ?? '') }));
  const name = places.get(mark.key)?.name ?? mark.key;
  return facts.length ? `${name}: ${facts.join(', ')}` : name;
}

/** The second line of a label on the map: how it feels, else where it runs. */
export function secondLine(mark, { places, qualities, words }) {
  if (mark.spreadsTo) return fill(words.spreads, { place: lower(places.get(mark.spreadsTo)?.short ?? '') });
  return mark.qualities.slice(0, 2).map((code) => (qualities.get(code) ?? code).toLocaleLowerCase()).join(', ');
}

function lower(text) {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}

/** The sentence under the map: how many places, or that there is none yet. */
export function count(marks, words) {
  if (marks.length === 0) return words.none;
  return marks.length === 1 ? words.one : fill(words.many, { number: marks.length });
}

/** Pain 0 to 10 as a word, from the words for none, mild, moderate, severe, worst. */
export function strengthWord(intensity, words) {
  if (intensity === null) return '';
  if (intensity === 0) return words.pain0;
  if (intensity <= 3) return words.pain1;
  if (intensity <= 6) return words.pain4;
  return intensity <= 9 ? words.pain7 : words.pain10;
}
