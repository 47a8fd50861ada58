/** What the server wrote into the page for scripts. */

/** Translated words: data attributes of one template element. */
export function strings() {
  return document.getElementById('ui-strings')?.dataset ?? {};
}

export function csrfToken() {
  return document.querySelector('meta[name=csrf-token]')?.content ?? '';
}
