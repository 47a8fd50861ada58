/** Draws one view of the body map: regions as controls, marks, spread, labels. The only module that touches its SVG. */
import {
  arrowPath, closerCrop, cropAround, fingerRoom, fit, formatBox, layPins, LEADER_DROP, MAGNIFIED, nearest,
  parseBox, shapeOf, toPixels,
} from './body-map-geometry.js';
import { painted } from './body-map-state.js';

const SVG = 'http://www.w3.org/2000/svg';
const PIN_HEIGHT = 76;

/** An SVG element with attributes. */
function draw(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Figure {
  /** @param {SVGSVGElement} svg @param {HTMLElement} frame @param {Array<[string, string]>} shapes key and path data */
  constructor(svg, frame, shapes) {
    this.svg = svg;
    this.frame = frame;
    this.whole = parseBox(svg.dataset.whole);
    this.lower = parseBox(svg.dataset.lower);
    this.crops = [this.whole, this.lower].filter((crop, i, all) => i === 0 || formatBox(crop) !== formatBox(all[0]));
    this.crop = this.crops.at(-1);
    this.layer = svg.querySelector('[data-part="marks"]');
    this.regions = shapes.map(([key, d]) => ({ path: draw('path', { class: 'region', 'data-region': key, d }), key, ...shapeOf(d) }));
    const seams = svg.querySelector('[data-part="seams"]');
    if (seams) seams.replaceWith(...this.regions.map(({ path }) => path));
    else svg.querySelectorAll('path.region').forEach((old, number) => old.replaceWith(this.regions[number].path));
    this.byKey = new Map(this.regions.map((region) => [region.key, region]));
    this.current = this.regions.find((region) => region.key.startsWith('lateral-hip')) ?? this.regions[0];
  }

  /** Turns the drawing into a group of checkboxes with one tab stop. */
  enliven(lexicon) {
    this.svg.setAttribute('role', 'group');
    for (const region of this.regions) {
      region.path.setAttribute('role', 'checkbox');
      region.path.setAttribute('aria-checked', 'false');
      region.path.setAttribute('aria-label', lexicon.places.get(region.key)?.name ?? region.key);
    }
    this.giveStop(this.current);
  }

  giveStop(region) {
    for (const { path } of this.regions) path.setAttribute('tabindex', path === region.path ? '0' : '-1');
    this.current = region;
  }

  /** Moves focus by arrow key; tells whether it moved. */
  step(key) {
    const next = nearest(this.current, key, this.regions);
    if (!next) return false;
    this.giveStop(next);
    if (!this.isShown(next)) this.show(cropAround(next.anchor, this.crop.width, this.size(), this.whole));
    next.path.focus({ preventScroll: true });
    return true;
  }

  isShown({ anchor }) {
    const { x, y, width, height } = this.crop;
    return anchor.x >= x && anchor.x <= x + width && anchor.y >= y && anchor.y <= y + height;
  }

  size() {
    const { clientWidth, clientHeight } = this.frame;
    return { width: clientWidth || 360, height: clientHeight || 420 };
  }

  show(crop) {
    this.crop = crop;
    this.svg.setAttribute('viewBox', formatBox(crop));
  }

  reset() {
    this.show(this.crops.at(-1));
  }

  get isMagnified() {
    return this.crop.width < this.crops.at(-1).width * 0.98;
  }

  /** What a tap of a finger on a region should show first, or null when the region can be taken. */
  closer(region) {
    return closerCrop(region, this.crop, this.size(), this.whole);
  }

  /** One step closer or further, round what is in the middle. */
  zoom(direction) {
    const here = { x: this.crop.x + this.crop.width / 2, y: this.crop.y + this.crop.height / 2 };
    const steps = [...this.crops, ...MAGNIFIED.filter((width) => width < this.crops.at(-1).width)
      .map((width) => cropAround(here, width, this.size(), this.whole))];
    const scale = (crop) => fit(crop, this.size()).scale;
    const now = scale(this.crop);
    const next = direction > 0
      ? steps.find((crop) => scale(crop) > now * 1.05)
      : steps.findLast((crop) => scale(crop) < now * 0.95);
    if (next) this.show(next);
  }

  /** Paints the marks, the places they run to and the arrows between. */
  paint(marks, { openKey, lexicon, describe }) {
    const byKey = new Map(marks.map((mark) => [mark.key, mark]));
    for (const { key, path } of this.regions) {
      const mark = byKey.get(key);
      path.setAttribute('aria-checked', String(Boolean(mark)));
      path.setAttribute('aria-label', mark ? describe(mark, lexicon) : lexicon.places.get(key)?.name ?? key);
    }
    this.layer.replaceChildren(
      ...painted(marks).flatMap(({ key, intensity, isSpread }) => this.markShape(key, intensity, isSpread, openKey)),
      ...marks.flatMap((mark) => this.arrow(mark)),
    );
  }

  markShape(key, intensity, isSpread, openKey) {
    const region = this.byKey.get(key);
    if (!region) return [];
    const shape = draw('path', { class: 'mark', 'data-region': key, d: region.path.getAttribute('d') });
    if (intensity !== null) shape.dataset.pain = intensity;
    if (isSpread) shape.setAttribute('data-spread', '');
    if (key === openKey) shape.setAttribute('aria-current', 'true');
    return [shape];
  }

  arrow(mark) {
    const from = this.byKey.get(mark.key);
    const to = this.byKey.get(mark.spreadsTo);
    if (!from || !to) return [];
    return [draw('path', { class: 'spread', d: arrowPath(from.anchor, to.anchor, this.whole.width / 2) })];
  }

  /** Labels beside the figure, each with a line to its place. Only where there is room: not when magnified. */
  label(marks, { pins, leaders, second, lexicon }) {
    const frame = this.size();
    const placed = fit(this.crop, frame);
    const here = this.isMagnified ? [] : marks.filter(({ key }) => this.byKey.has(key) && this.isShown(this.byKey.get(key)));
    const anchors = here.map((mark) => ({ key: mark.key, mark, ...toPixels(this.byKey.get(mark.key).anchor, placed) }));
    const laid = layPins(anchors, { ...frame, pinHeight: PIN_HEIGHT });
    pins.replaceChildren(...laid.map((pin) => this.pin(pin, second, lexicon)));
    leaders.setAttribute('viewBox', `0 0 ${frame.width} ${frame.height}`);
    leaders.replaceChildren(...laid.map((pin) => this.leader(pin, frame, placed)));
  }

  pin({ mark, side, top }, second, lexicon) {
    const pin = document.createElement('p');
    pin.className = 'pin';
    pin.dataset.side = side;
    pin.style.setProperty('inset-block-start', `${Math.round(top)}px`);
    if (mark.intensity !== null) {
      const number = Object.assign(document.createElement('span'), { className: 'pain', textContent: mark.intensity });
      number.dataset.pain = mark.intensity;
      pin.append(number);
    }
    pin.append(Object.assign(document.createElement('b'), { textContent: lexicon.places.get(mark.key)?.short ?? mark.key }));
    const small = second(mark, lexicon);
    if (small) pin.append(Object.assign(document.createElement('small'), { textContent: small }));
    return pin;
  }

  leader({ key, x, y, side, top }, frame, { scale }) {
    const { box } = this.byKey.get(key);
    const reach = Math.min(box.width * scale * 0.5, 26) + 6;
    const from = side === 'left' ? Math.min(106, x - reach) : Math.max(frame.width - 112, x + reach);
    const to = side === 'left' ? x - reach : x + reach;
    return draw('path', { class: 'leader', d: `M${Math.round(from)} ${Math.round(top + LEADER_DROP)}L${Math.round(to)} ${Math.round(y)}` });
  }

  fingerRoom(region) {
    return fingerRoom(region.box, fit(this.crop, this.size()).scale);
  }
}
