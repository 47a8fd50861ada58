/**
 * A search field whose suggestions htmx loads: arrows walk them, Enter follows, Escape closes. The focus stays in the field.
 * With data-combobox="first" the first suggestion is chosen already, and an Enter that comes before it waits for it.
 */
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

const takesFirst = (form) => form.dataset.combobox === 'first';

/** Whether what is shown answers an earlier text than the one that stands there. */
const isBehind = (form) => takesFirst(form) && form.dataset.answered !== form.querySelector('[role=combobox]').value.trim();

function onKey(event) {
  const form = event.target.closest('[data-combobox]');
  if (!form || event.target.getAttribute('role') !== 'combobox') return;
  const all = options(form);
  const index = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  if (event.key === 'Escape') {
    if (all.length === 0) leave(event.target);
    close(form);
  } else if (event.key === 'Enter' && index >= 0 && !isBehind(form)) {
    follow(form, all[index]);
  } else if (event.key === 'Enter' && takesFirst(form) && event.target.value.trim()) {
    form.dataset.entered = '';
  } else if (['ArrowDown', 'ArrowUp'].includes(event.key) && all.length > 0) {
    choose(form, moveIn(all.length, index, event.key));
    form.dataset.chosen = options(form).find((option) => option.getAttribute('aria-selected') === 'true')?.href ?? '';
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
  form.dataset.answered = input.value.trim();
  if (takesFirst(form) && count > 0) {
    // What was gone to by an arrow stays chosen while the list under it is drawn anew.
    const kept = options(form).findIndex((option) => option.href === form.dataset.chosen);
    choose(form, Math.max(kept, 0));
    if (form.dataset.entered !== undefined) {
      delete form.dataset.entered;
      return follow(form, options(form)[Math.max(kept, 0)]);
    }
  }
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
