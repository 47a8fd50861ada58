/**
 * <map-slider>: one visit at a time under a slider. The server renders every visit; without this they stand in a list.
 */
class MapSlider extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    this.visits = [...this.querySelectorAll('[data-visit]')];
    this.range = this.querySelector('input[type="range"]');
    if (!this.range || this.visits.length === 0) return;
    this.querySelector('[data-part="range"]').hidden = false;
    this.setAttribute('data-live', '');
    this.range.addEventListener('input', () => this.show(), { signal: this.listening.signal });
    this.show();
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  show() {
    const at = Math.min(this.visits.length, Math.max(1, Number(this.range.value))) - 1;
    for (const [number, visit] of this.visits.entries()) visit.toggleAttribute('data-shown', number === at);
    this.range.setAttribute('aria-valuetext', this.visits[at].querySelector('.told').innerText.replace(/\s+/g, ' ').trim());
  }
}

if (!customElements.get('map-slider')) customElements.define('map-slider', MapSlider);
