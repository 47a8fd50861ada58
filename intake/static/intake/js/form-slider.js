/** A box for a number with a slider before it. The box alone is the answer: untouched, the slider says nothing. */
class FormSlider extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector('input');
    const { low, high, step, label } = this.dataset;
    const slider = document.createElement('input');
    Object.assign(slider, { type: 'range', min: low, max: high, step });
    slider.setAttribute('aria-label', label);
    const follow = () => {
      this.toggleAttribute('data-unset', box.value === '');
      slider.value = box.value === '' ? String((Number(low) + Number(high)) / 2) : box.value;
    };
    slider.addEventListener('input', () => {
      box.value = slider.value;
      this.removeAttribute('data-unset');
    });
    slider.addEventListener('change', () => box.dispatchEvent(new Event('change', { bubbles: true })));
    box.addEventListener('input', follow);
    this.prepend(slider);
    follow();
  }
}

customElements.define('form-slider', FormSlider);
