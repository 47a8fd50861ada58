/** Draws by hand over the figure of a <body-map>, for the place whose sheet is open. The sheet's hidden field holds the truth. */
import { readStroke, snap, strokePath, withLine, withoutLast, writeStroke } from './body-map-stroke.js';

const SVG = 'http://www.w3.org/2000/svg';

export class Pen {
  /** @param {HTMLElement} map the body map @param {AbortSignal} signal */
  constructor(map, signal) {
    this.map = map;
    const on = (type, handler) => map.addEventListener(type, handler, { signal });
    on('pointerdown', (event) => this.begin(event));
    on('pointermove', (event) => this.move(event));
    on('pointerup', () => this.end());
    on('pointercancel', () => { this.line = null; this.paint(); });
  }

  get isDrawing() {
    return this.map.hasAttribute('data-drawing');
  }

  get field() {
    return this.map.sheets.open?.querySelector('input[data-stroke]');
  }

  get stroke() {
    return readStroke(this.field?.value ?? '', this.map.view);
  }

  /** The figure takes lines until it is told to stop, or the sheet closes. */
  toggle(isOn) {
    this.map.toggleAttribute('data-drawing', isOn);
  }

  clear() {
    this.keep({ view: this.map.view, lines: [] });
  }

  undo() {
    this.keep(withoutLast(this.stroke));
  }

  begin(event) {
    const svg = event.target.closest('svg[data-view]');
    if (!this.isDrawing || !svg || !this.field || !event.isPrimary) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    this.svg = svg;
    this.line = this.at(event);
  }

  move(event) {
    if (!this.line) return;
    this.line.push(...this.at(event));
    this.paint();
  }

  end() {
    if (!this.line) return;
    const line = this.line;
    this.line = null;
    this.keep(withLine(this.stroke, line, this.map.view));
  }

  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return snap(point);
  }

  keep(stroke) {
    if (!this.field) return;
    this.field.value = writeStroke(stroke);
    this.field.dispatchEvent(new Event('change', { bubbles: true }));
    this.paint();
  }

  /** Every stroke on its own view, and the line that is being drawn. */
  paint() {
    for (const old of this.map.querySelectorAll('path.stroke')) old.remove();
    const fields = [...this.map.querySelectorAll('.sheets input[data-stroke]')];
    const strokes = fields.map((field) => readStroke(field.value, '')).filter(({ lines }) => lines.length);
    if (this.line?.length >= 4) strokes.push({ view: this.map.view, lines: [this.line] });
    for (const stroke of strokes) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', 'stroke');
      path.setAttribute('d', strokePath(stroke));
      this.map.querySelector(`svg[data-view="${CSS.escape(stroke.view)}"]`)?.append(path);
    }
  }
}
