/** <signature-pad>: sign with a finger. Strokes go to a hidden field; without this script the typed name is the signature. */
import { begin, extend, FIELD, parse, serialize, toField, toPath } from './signature-strokes.js';

class SignaturePad extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    this.field = this.querySelector('input[type="hidden"]');
    this.svg = this.querySelector('svg');
    this.line = this.svg.querySelector('path');
    this.strokes = parse(this.field.value);
    this.svg.setAttribute('viewBox', `0 0 ${FIELD.width} ${FIELD.height}`);
    this.setAttribute('data-live', '');
    const { signal } = this.listening;
    this.svg.addEventListener('pointerdown', (event) => this.start(event), { signal });
    this.svg.addEventListener('pointermove', (event) => this.draw(event), { signal });
    for (const type of ['pointerup', 'pointercancel']) this.svg.addEventListener(type, () => this.stop(), { signal });
    this.querySelector('[data-does="clear"]').addEventListener('click', () => this.clear(), { signal });
    this.paint();
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  start(event) {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.isDrawing = begin(this.strokes, this.at(event));
    this.paint();
  }

  draw(event) {
    if (!this.isDrawing) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) extend(this.strokes, this.at(point));
    this.paint();
  }

  stop() {
    if (!this.isDrawing) return;
    this.isDrawing = false;
    this.keep();
  }

  clear() {
    this.strokes = [];
    this.paint();
    this.keep();
  }

  at(event) {
    return toField({ x: event.clientX, y: event.clientY }, this.svg.getBoundingClientRect());
  }

  paint() {
    this.line.setAttribute('d', toPath(this.strokes));
    this.toggleAttribute('data-signed', this.strokes.length > 0);
  }

  keep() {
    this.field.value = serialize(this.strokes);
    this.field.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

if (!customElements.get('signature-pad')) customElements.define('signature-pad', SignaturePad);
