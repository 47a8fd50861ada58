/** How htmx behaves here: it carries the CSRF token, shows refusals where the server sends them, and says when nothing came back. */
import { toast } from './toasts.js';
import { csrfToken, strings } from './page.js';
import { askToSignIn } from './signed-out.js';

function onRefused(event) {
  const { xhr } = event.detail;
  const words = strings();
  if (xhr.status === 401) {
    askToSignIn();
  } else if (!xhr.getResponseHeader('HX-Retarget') && xhr.status !== 422) {
    toast({ text: words.failed });
  }
}

export function installHtmx() {
  document.body.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrfToken();
    // No event behind it: the page polls by itself, and that must not keep the session alive.
    if (!event.detail.triggeringEvent) event.detail.headers['X-Background'] = '1';
  });
  // A refusal that says where it belongs is shown there; what htmx meant to replace stays.
  document.body.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.getResponseHeader('HX-Retarget')) event.detail.shouldSwap = true;
  });
  document.body.addEventListener('htmx:responseError', onRefused);
  document.body.addEventListener('htmx:sendError', () => toast({ text: strings().offline }));
  document.body.addEventListener('htmx:timeout', () => toast({ text: strings().offline }));
}
