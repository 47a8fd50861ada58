/** A search field whose suggestions htmx loads: arrows walk them, Enter follows, Escape closes. The focus stays in the field. */
import { moveIn } from './keys.js';
import { strings } from './page.js';

function options(form) {
  return [...form.querySelectorAll('[role=option]')];
}

function choose(form, index) {
  const input = form.querySelector('[role=combobox]');
  const all = options(form);
  all.forEach((option, position) => option.setAttribute('aria-selected', String(position === index)));
  if (index >= 0) {
    input.setAttribute('aria-activedescendant', all[index].id);
    all[index].scrollIntoView({ block: 'nearest' });
  } else {
    input.removeAttribute('aria-activedescendant');
  }
}

function close(form) {
  form.querySelector('.search-results, .search-results-inline')?.replaceChildren();
  form.querySelector('[role=combobox]').setAttribute('aria-expanded', 'false');
  form.querySelector('[role=combobox]').removeAttribute('aria-activedescendant');
}

/** Follow a suggestion: a link by default; a form may take it itself by answering the event `combobox:choose`. */
function follow(form, option) {
  const choice = new CustomEvent('combobox:choose', { bubbles: true, cancelable: true, detail: { option } });
  if (form.dispatchEvent(choice)) window.location.assign(option.href);
  close(form);
}

/** Nothing to close any more: out of the field, or out of the dialog it stands in. The browser would only empty the field. */
function leave(input) {
  const dialog = input.closest('dialog');
  if (dialog) dialog.close();
  else input.blur();
}

function onKey(event) {
  const form = event.target.closest('[data-combobox]');
  if (!form || event.target.getAttribute('role') !== 'combobox') return;
  const all = options(form);
  const index = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  if (event.key === 'Escape') {
    if (all.length === 0) leave(event.target);
    close(form);
  } else if (event.key === 'Enter' && index >= 0) {
    follow(form, all[index]);
  } else if (['ArrowDown', 'ArrowUp'].includes(event.key) && all.length > 0) {
    choose(form, moveIn(all.length, index, event.key));
  } else {
    return;
  }
  event.preventDefault();
}

function onLoaded(event) {
  const form = event.target.closest?.('[data-combobox]');
  if (!form) return;
  const input = form.querySelector('[role=combobox]');
  const count = options(form).length;
  const words = strings();
  if (input.value.trim() === '') return close(form);
  input.setAttribute('aria-expanded', String(count > 0));
  input.removeAttribute('aria-activedescendant');
  const live = form.querySelector('[data-announce]');
  if (live) live.textContent = count > 0 ? `${words.results} ${count}` : words.noResults;
}

export function installComboboxes() {
  document.addEventListener('keydown', onKey);
  document.addEventListener('htmx:afterSwap', onLoaded);
  document.addEventListener('click', (event) => {
    const option = event.target.closest('[data-combobox] [role=option]');
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(option.closest('[data-combobox]'), option);
  });
  document.addEventListener('focusout', (event) => {
    const form = event.target.closest?.('[data-combobox]');
    if (form && event.relatedTarget && !form.contains(event.relatedTarget)) close(form);
  });
}
