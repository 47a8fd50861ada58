/** What the server wrote into the page for scripts. */

/** Translated words: data attributes of one template element. */
export function strings() {
  return document.getElementById('ui-strings')?.dataset ?? {};
}

/** The token of the present session: another tab may have signed in since this page was loaded. */
export function csrfToken() {
  const cookie = /(?:^|;\s*)(?:__Host-csrf|csrftoken)=([^;]+)/.exec(document.cookie);
  return cookie?.[1] ?? document.querySelector('meta[name=csrf-token]')?.content ?? '';
}
