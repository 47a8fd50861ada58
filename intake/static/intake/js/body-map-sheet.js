/** The sheet about one marked place: made from the server's template, opened, worded, closed. */
import { fill, strengthWord } from './body-map-state.js';

export class Sheets {
  /** @param {HTMLElement} list where the sheets stand @param {HTMLTemplateElement} template */
  constructor(list, template, lexicon) {
    Object.assign(this, { list, template, lexicon });
    for (const sheet of this.all()) this.offerPlaces(sheet);
  }

  /** Every place to choose from, where a page without a script takes its name. */
  offerPlaces(sheet) {
    const field = sheet.querySelector('input.elsewhere');
    if (!field) return;
    this.choice ??= placesToChoose(this.lexicon.places);
    const select = this.choice.cloneNode(true);
    select.name = field.name;
    select.setAttribute('aria-label', field.getAttribute('aria-label'));
    select.options[0].textContent = field.placeholder;
    const held = field.dataset.key && select.querySelector(`option[value="${CSS.escape(field.dataset.key)}"]`);
    if (held) held.defaultSelected = true;
    field.replaceWith(select);
  }

  get(key) {
    return this.list.querySelector(`[data-mark="${CSS.escape(key)}"]`);
  }

  all() {
    return [...this.list.querySelectorAll('[data-mark]')];
  }

  get open() {
    return this.list.querySelector('[data-mark][data-open]');
  }

  /** The sheet of a place, made if it is not there yet. */
  ensure(key) {
    const known = this.get(key);
    if (known) return known;
    const place = this.lexicon.places.get(key);
    const [near, far] = place.spreads;
    const values = {
      key, place: place.name, near: near ?? '', far: far ?? '',
      nearName: this.lexicon.places.get(near)?.short ?? '', farName: this.lexicon.places.get(far)?.short ?? '',
    };
    const sheet = this.template.content.firstElementChild.cloneNode(true);
    for (const element of [sheet, ...sheet.querySelectorAll('*')]) {
      for (const attribute of element.attributes) attribute.value = unmask(attribute.value, values);
      if (element.childElementCount === 0) element.textContent = unmask(element.textContent, values);
      else for (const node of element.childNodes) if (node.nodeType === 3) node.data = unmask(node.data, values);
    }
    for (const input of sheet.querySelectorAll('[data-part="spread"] [type="radio"][value=""]:not([data-stays])')) {
      input.closest('label').remove();
    }
    this.offerPlaces(sheet);
    this.list.append(sheet);
    return sheet;
  }

  show(key) {
    for (const sheet of this.all()) sheet.toggleAttribute('data-open', sheet.dataset.mark === key);
    const sheet = this.get(key);
    this.word(sheet);
    sheet.scrollTop = 0;
    sheet.querySelector('h2, h3')?.focus({ preventScroll: true });
    return sheet;
  }

  close() {
    this.open?.removeAttribute('data-open');
  }

  remove(key) {
    this.get(key)?.remove();
  }

  /** The number and the word beside the scale. */
  word(sheet) {
    const output = sheet.querySelector('output');
    const chosen = sheet.querySelector('.scale input:checked');
    if (!output) return;
    output.replaceChildren();
    if (!chosen) return;
    const number = Object.assign(document.createElement('span'), { className: 'pain', textContent: chosen.value });
    number.dataset.pain = chosen.value;
    output.append(number, ` ${strengthWord(Number(chosen.value), this.lexicon.words)}`);
  }

  /** Whether what must be said about a place has been said. */
  isComplete(sheet) {
    return Boolean(sheet.querySelector('.scale input:checked'));
  }

  /** The button that opens a place again from the list under the map. */
  button(mark, text) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'place' });
    button.dataset.opens = mark.key;
    const number = Object.assign(document.createElement('span'), { className: 'pain', textContent: mark.intensity ?? '?' });
    if (mark.intensity !== null) number.dataset.pain = mark.intensity;
    button.append(number, Object.assign(document.createElement('span'), { textContent: text }));
    return button;
  }
}

function placesToChoose(places) {
  const select = Object.assign(document.createElement('select'), { className: 'input elsewhere' });
  select.append(new Option('', ''));
  const groups = new Map();
  for (const [key, { name, group }] of places) {
    if (!groups.has(group)) {
      groups.set(group, Object.assign(document.createElement('optgroup'), { label: group }));
      select.append(groups.get(group));
    }
    groups.get(group).append(new Option(name, key));
  }
  return select;
}

function unmask(text, values) {
  return text.includes('{') ? fill(text, values) : text;
}
