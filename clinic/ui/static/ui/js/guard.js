/** Forms with `data-guard`: leaving the page asks first when something typed is not saved. */
import { isChanged, snapshot } from './snapshot.js';

const first = new WeakMap();
let sending = false;

function remember(root) {
  root.querySelectorAll?.('form[data-guard]').forEach((form) => {
    if (!first.has(form)) first.set(form, snapshot(new FormData(form)));
  });
}

export function installGuard() {
  remember(document);
  document.addEventListener('htmx:load', (event) => remember(event.target.parentNode ?? document));
  document.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) sending = true;
  });
  // A form saved by htmx is clean again.
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.detail.elt.closest?.('form[data-guard]');
    if (form && event.detail.successful) first.set(form, snapshot(new FormData(form)));
  });
  window.addEventListener('pageshow', () => {
    sending = false;
  });
  window.addEventListener('beforeunload', (event) => {
    if (sending) return;
    const open = [...document.querySelectorAll('form[data-guard]')];
    if (open.some((form) => first.has(form) && isChanged(first.get(form), snapshot(new FormData(form))))) event.preventDefault();
  });
}
