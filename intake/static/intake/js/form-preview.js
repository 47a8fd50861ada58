/** The preview of a form: what is asked follows what is answered, on every screen. Nothing is kept anywhere. */
import './form.js';
import { keepUp } from './asked.js';

const form = document.querySelector('form[data-preview]');
let newest = 0;

async function ask() {
  const mine = ++newest;
  const body = new FormData(form);
  for (const { name } of form.querySelectorAll('input[type="file"]')) body.delete(name);
  const answer = await fetch(location.pathname, { method: 'POST', body });
  if (!answer.ok || mine !== newest) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const screen of form.querySelectorAll('[data-screen]')) {
    keepUp(screen, page.querySelector(`[data-screen="${screen.dataset.screen}"]`));
  }
}

if (form) {
  document.querySelector('[data-without-script]').hidden = true;
  let waiting;
  form.addEventListener('submit', (event) => {
    if (!event.submitter?.name) event.preventDefault(); // rows come and go by the server
  });
  form.addEventListener('change', () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
}
