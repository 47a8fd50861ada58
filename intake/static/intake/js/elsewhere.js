/** Answers given on another device meanwhile: what this page was drawn with, and the questions which of two stands. */

/**
 * The prints to send from now on: those of the server, but for parts whose new answers this page does not show yet.
 * Without the DOM.
 * @param {Record<string, string>} held @param {Record<string, string>} told @param {string[]} unseen
 */
export function printsAfter(held, told, unseen) {
  const kept = unseen.filter((part) => part in held).map((part) => [part, held[part]]);
  return { ...Object.fromEntries(Object.entries(told).filter(([part]) => !unseen.includes(part))), ...Object.fromEntries(kept) };
}

/** The hidden field that says what the page was drawn with. */
export class Drawn {
  constructor(field) {
    this.field = field;
  }

  get said() {
    return JSON.parse(this.field.value);
  }

  /** The server has told what it holds; `unseen` are parts where it holds something this page does not show. */
  told(prints, unseen) {
    const { page, prints: held } = this.said;
    this.field.value = JSON.stringify({ page, prints: printsAfter(held, prints, unseen) });
  }

  /** These parts were drawn anew. */
  drew(fresh) {
    const { page, prints } = this.said;
    const known = Object.entries({ ...prints, ...fresh }).filter(([, print]) => print);
    this.field.value = JSON.stringify({ page, prints: Object.fromEntries(known) });
  }
}

/** Ask at each part that was answered in both places; questions that were settled go. */
export function ask(form, clashes) {
  for (const notice of form.querySelectorAll('[data-clash]')) {
    const part = notice.closest('[data-asked]').dataset.asked;
    if (!(part in clashes)) notice.remove();
  }
  for (const [part, html] of Object.entries(clashes)) {
    const holder = form.querySelector(`.asked[data-asked="${CSS.escape(part)}"]`);
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-clash]');
    const known = holder?.querySelector(':scope > [data-clash]');
    if (!holder) continue;
    if (known?.dataset.clash === fresh.dataset.clash) { // asked already; what is entered here may have grown
      known.querySelector('small').replaceWith(document.adoptNode(fresh.querySelector('small')));
      continue;
    }
    known?.remove();
    fresh.setAttribute('role', 'alert');
    holder.prepend(document.adoptNode(fresh));
  }
}
