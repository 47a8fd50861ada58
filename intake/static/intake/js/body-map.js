/**
 * <body-map>: tap where it hurts. The server renders the whole form (views, a list of places, a sheet per marked place);
 * this keeps drawing and form in step. The form's controls hold the truth, so a swap by htmx or a reload loses nothing.
 */
import { Figure } from './body-map-figure.js';
import { Pen } from './body-map-pen.js';
import { shapesAt } from './body-map-shapes.js';
import { Sheets } from './body-map-sheet.js';
import { count, describe, fill, marksFrom, secondLine } from './body-map-state.js';

class BodyMap extends HTMLElement {
  /** The fields are in place at once; the figure follows with its shapes. Without them the list goes on doing its work. */
  connectedCallback() {
    this.listening = new AbortController();
    this.name = this.dataset.name;
    this.map = this.part('map');
    this.lexicon = this.readLexicon();
    this.sheets = new Sheets(this.part('sheets'), this.part('template'), this.lexicon);
    const { signal } = this.listening;
    this.form.addEventListener('submit', (event) => this.submitted(event), { signal }); // before the form's own listener
    this.enliven(signal);
  }

  async enliven(signal) {
    const shapes = await shapesAt(this.dataset.shapes).catch(() => null);
    if (!shapes || signal.aborted) return;
    this.figures = new Map([...this.map.querySelectorAll('svg[data-view]')]
      .map((svg) => [svg.dataset.view, new Figure(svg, this.map, shapes.get(svg.dataset.view))]));
    for (const figure of this.figures.values()) figure.enliven(this.lexicon);
    this.setAttribute('data-live', '');
    this.listen();
    this.pen = new Pen(this, signal);
    this.resized = new ResizeObserver(() => this.label());
    this.resized.observe(this.map);
    this.refresh();
  }

  disconnectedCallback() {
    this.listening.abort();
    this.resized?.disconnect();
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  get form() {
    return this.closest('form');
  }

  get view() {
    return this.querySelector('.views input:checked')?.value ?? 'front';
  }

  get figure() {
    return this.figures.get(this.view);
  }

  get marks() {
    return marksFrom(new FormData(this.form), this.name);
  }

  readLexicon() {
    const places = new Map([...this.querySelectorAll('.region-list input')].map((input) => [input.value, {
      name: input.getAttribute('aria-label'),
      short: input.closest('li').dataset.short,
      group: input.closest('fieldset').querySelector('legend').textContent,
      spreads: (input.dataset.spreads ?? '').split(' ').filter(Boolean),
      input,
    }]));
    const qualities = new Map([...this.part('template').content.querySelectorAll('[data-quality]')]
      .map((chip) => [chip.dataset.quality, chip.textContent.trim()]));
    return { places, qualities, words: JSON.parse(this.dataset.words) };
  }

  listen() {
    const { signal } = this.listening;
    const on = (type, handler) => this.addEventListener(type, handler, { signal });
    on('pointerdown', (event) => { this.isFinger = event.pointerType !== 'mouse'; });
    on('click', (event) => this.clicked(event));
    on('keydown', (event) => this.pressed(event));
    on('change', (event) => this.changed(event));
  }

  clicked(event) {
    const region = event.target.closest('svg[data-view] [role="checkbox"]');
    if (region && !this.pen.isDrawing) this.tapped(this.figure.byKey.get(region.dataset.region));
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.zoom) this.zoom(Number(button.dataset.zoom));
    if (button.dataset.opens) this.openSheet(button.dataset.opens);
    if (button.dataset.does === 'draw') this.draw(true);
    if (button.dataset.does === 'drawn') this.draw(false);
    if (button.dataset.does === 'undo') this.pen.undo();
    if (button.dataset.does === 'clear') this.pen.clear();
    if (button.dataset.does === 'done') this.closeSheet();
    if (button.dataset.does === 'remove') this.remove(button.closest('[data-mark]').dataset.mark);
  }

  pressed(event) {
    if (event.key === 'Escape' && this.sheets.open) {
      this.closeSheet();
      event.preventDefault();
      return;
    }
    const region = event.target.closest('[role="checkbox"]');
    if (!region) return;
    if (event.key === ' ' || event.key === 'Enter') this.choose(region.dataset.region);
    else if (!event.key.startsWith('Arrow') || !this.figure.step(event.key)) return;
    event.preventDefault();
    this.label();
  }

  changed(event) {
    if (event.target.matches('.views input')) {
      this.figure.reset();
    } else if (event.target.closest('.region-list')) {
      if (event.target.checked) this.sheets.ensure(event.target.value);
      else this.sheets.remove(event.target.value);
    }
    this.refresh();
  }

  submitted(event) {
    if (!this.figures) return;
    const missing = this.sheets.all().find((sheet) => !this.sheets.isComplete(sheet));
    if (!missing || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.openSheet(missing.dataset.mark);
    missing.setAttribute('data-asks', '');
  }

  /** A finger that cannot hit a small region magnifies it first. */
  tapped(region) {
    const closer = this.isFinger && !this.lexicon.places.get(region.key).input.checked && this.figure.closer(region);
    if (!closer) {
      this.choose(region.key);
      return;
    }
    this.figure.show(closer);
    this.figure.giveStop(region);
    this.say(this.lexicon.words.magnified);
    this.label();
  }

  choose(key) {
    const { input } = this.lexicon.places.get(key);
    if (!input.checked) {
      input.checked = true;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
    this.openSheet(key);
  }

  remove(key) {
    const { input } = this.lexicon.places.get(key);
    this.closeSheet();
    input.checked = false;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  openSheet(key) {
    this.pen.toggle(false);
    const region = this.figure.byKey.get(key);
    if (region) this.figure.giveStop(region);
    this.setAttribute('data-sheet', '');
    this.sheets.ensure(key);
    this.sheets.show(key);
    this.refresh();
    this.querySelector('.views').scrollIntoView({ block: 'start' });
  }

  closeSheet() {
    const key = this.sheets.open?.dataset.mark;
    this.pen.toggle(false);
    this.sheets.close();
    this.removeAttribute('data-sheet');
    this.figure.reset();
    this.refresh();
    this.figure.byKey.get(key)?.path.focus({ preventScroll: true });
  }

  /** Lines by hand for the open place: on a phone the figure takes the room meanwhile. */
  draw(isOn) {
    this.pen.toggle(isOn);
    this.label();
    this.sheets.open?.querySelector(`[data-does="${isOn ? 'drawn' : 'draw'}"]`)?.focus({ preventScroll: true });
  }

  zoom(direction) {
    this.figure.zoom(direction);
    this.label();
  }

  /** Form → drawing, labels, list and status. */
  refresh() {
    const { marks, lexicon } = this;
    const openKey = this.sheets.open?.dataset.mark;
    for (const sheet of this.sheets.all()) {
      this.sheets.word(sheet);
      sheet.toggleAttribute('data-asks', sheet.hasAttribute('data-asks') && !this.sheets.isComplete(sheet));
    }
    for (const figure of this.figures.values()) figure.paint(marks, { openKey, lexicon, describe });
    this.part('places').replaceChildren(...marks.map((mark) => this.sheets.button(mark, describe(mark, lexicon))));
    this.pen.paint();
    this.say(count(marks, lexicon.words));
    this.label(marks);
  }

  label(marks = this.marks) {
    const { pins, leaders } = { pins: this.part('pins'), leaders: this.part('leaders') };
    this.figure.label(marks, { pins, leaders, second: secondLine, lexicon: this.lexicon });
    this.toggleAttribute('data-magnified', this.figure.isMagnified);
  }

  say(text) {
    const status = this.part('status');
    const words = fill(text, {});
    if (status.textContent !== words) status.textContent = words;
  }
}

if (!customElements.get('body-map')) customElements.define('body-map', BodyMap);
