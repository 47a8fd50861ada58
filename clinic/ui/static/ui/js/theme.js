/** The theme changes at once; the server keeps the choice in a cookie for the next page. */
import { csrfToken } from './page.js';

function apply(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function installTheme() {
  document.addEventListener('submit', async (event) => {
    const form = event.target.closest('[data-theme-switch]');
    if (!form) return;
    event.preventDefault();
    const theme = event.submitter?.value ?? 'system';
    apply(theme);
    form.querySelectorAll('[name=theme]').forEach((button) => {
      if (button.value === theme) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    });
    await fetch(form.action, {
      method: 'POST',
      headers: { 'HX-Request': 'true', 'X-CSRFToken': csrfToken() },
      body: new URLSearchParams({ theme }),
    });
  });
}
