/** Shows, hides and reckons on a page at once. The server decides again when the answers are saved. */
import { decide, encoded } from './decide.js';
import { readValue } from './values.js';

/**
 * A page's answers as `decide` takes them. Without the DOM.
 * @param {object} logic as `intake/fhir/browser.py` makes it
 * @param {Iterable<[string, string]>} entries names, which are addresses, with what their controls hold
 */
export function answersOf(logic, entries) {
  const items = new Map(logic.items.filter((item) => !('calc' in item)).map((item) => [encoded(item.id), item]));
  const answers = {};
  for (const [name, raw] of entries) {
    const item = items.get(name.slice(name.lastIndexOf('/') + 1));
    const value = item && typeof raw === 'string' ? readValue(item, raw) : null;
    if (value !== null) (answers[name] ??= []).push(value);
  }
  return answers;
}

/** Keep the page in step with its own answers. Does nothing on a page without logic. */
export function respond(form) {
  if (!form.dataset.logic) return;
  const logic = JSON.parse(form.dataset.logic);
  const known = new Set(logic.items.map((item) => encoded(item.id)));
  const update = () => {
    const { enabled, calculated, waits } = decide(logic, answersOf(logic, new FormData(form)));
    for (const holder of form.querySelectorAll('.asked[data-asked]')) {
      const address = holder.dataset.asked;
      const isOurs = known.has(address.slice(address.lastIndexOf('/') + 1)) && !waits.has(address);
      if (isOurs) holder.hidden = !enabled.has(address);
    }
    for (const place of form.querySelectorAll('[data-calculated]')) {
      const value = calculated.get(place.dataset.calculated);
      if (value !== undefined) place.textContent = said(value);
    }
  };
  form.addEventListener('input', update);
  form.addEventListener('change', update);
}

function said(value) {
  if (value === null) return '–';
  return typeof value === 'number' ? value.toLocaleString(document.documentElement.lang) : String(value);
}
