/** A client's exercises of one day: a tick is seen at once, sent when it can be, and kept until the server has it. */
import { TickQueue, tickOf } from './exercise-queue.js';

class ExerciseDay extends HTMLElement {
  connectedCallback() {
    this.queue = new TickQueue(localStorage, this.dataset.list);
    this.dataset.live = '';
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener('submit', (event) => this.take(event), { signal });
    this.addEventListener('change', (event) => event.target.name === 'pain' && event.target.form.requestSubmit(), { signal });
    window.addEventListener('online', () => this.flush(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.flush(), { signal });
    this.flush();
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  take(event) {
    event.preventDefault();
    const { target, submitter } = event;
    if (submitter?.name === 'done') this.show(submitter);
    this.queue.add(tickOf(new FormData(target, submitter?.name ? submitter : null), Date.now()));
    this.flush(target.closest('[data-exercise]'));
  }

  /** Seen before it is sent; what the server says stands in its place. */
  show(tick) {
    const isDone = tick.value === '1';
    tick.setAttribute('aria-pressed', String(isDone));
    tick.removeAttribute('aria-busy');
  }

  /** Everything that waits, one after the other; the last answer is the page. */
  async flush(card) {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let [tick] = this.queue.all(); tick; [tick] = this.queue.all()) await this.send(tick, card);
      this.part('kept').hidden = true;
    } catch {
      this.part('kept').textContent = this.dataset.kept;
      this.part('kept').hidden = false;
    } finally {
      this.isSending = false;
    }
  }

  /** Raises when nothing came back, or nothing of use; a refusal is an answer, and the page says it. */
  async send(tick, card) {
    const { at: _at, ...said } = tick;
    const token = this.querySelector('[name=csrfmiddlewaretoken]')?.value ?? document.querySelector('meta[name="csrf-token"]')?.content;
    const body = new URLSearchParams({ ...said, csrfmiddlewaretoken: token });
    const answer = await fetch(location.href, { method: 'POST', body, headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
    const page = await answer.text();
    this.queue.sent(tick);
    this.replace(page, card);
  }

  replace(page, card) {
    const focused = document.activeElement;
    const [name, value] = [focused?.getAttribute('name'), focused?.value];
    this.part('day').innerHTML = page;
    if (!card) return;
    const now = this.querySelector(`[data-exercise="${card.dataset.exercise}"]`);
    const radio = name === 'pain' && now?.querySelector(`.felt > summary, [name=pain][value="${value}"]`);
    (radio || now?.querySelector('.tick'))?.focus({ preventScroll: true });
  }
}

customElements.define('exercise-day', ExerciseDay);
