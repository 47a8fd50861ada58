/** `/` search, `?` the list of keys, and any element with data-shortcut="n" (or "j ]") by its key. A page's other keys: template[data-shortcut-rows]. */
import { isWriting, shortcutOf } from './keys.js';
import { strings } from './page.js';

const SETTING = 'palpate.shortcuts';

export function lettersOn() {
  return localStorage.getItem(SETTING) !== 'off';
}

function visible(element) {
  return element.getClientRects().length > 0;
}

function list(dialog) {
  const known = dialog.querySelector('[data-shortcut-list]');
  known.querySelectorAll('[data-added]').forEach((row) => row.remove());
  for (const element of document.querySelectorAll('[data-shortcut]')) {
    if (!visible(element)) continue;
    const term = document.createElement('dt');
    const key = document.createElement('kbd');
    const text = document.createElement('dd');
    const label = element.cloneNode(true);
    label.querySelectorAll('kbd').forEach((inner) => inner.remove());
    key.textContent = element.dataset.shortcut.toUpperCase().split(' ').join(' · ');
    text.textContent = element.getAttribute('aria-label') ?? label.textContent.trim();
    term.append(key);
    term.dataset.added = text.dataset.added = '';
    known.append(term, text);
  }
  for (const more of document.querySelectorAll('template[data-shortcut-rows]')) {
    for (const row of document.importNode(more.content, true).children) {
      row.dataset.added = '';
      known.append(row.cloneNode(true));
    }
  }
}

function run(shortcut) {
  const dialog = document.getElementById('shortcuts');
  if (shortcut === '?' && dialog) {
    dialog.showModal();
    return true;
  }
  if (shortcut === '/') {
    const field = [...document.querySelectorAll('.search input[type=search]')].find(visible);
    if (!field) window.location.assign(strings().clientsUrl);
    field?.focus();
    field?.select();
    return true;
  }
  const target = [...document.querySelectorAll(`[data-shortcut~="${shortcut}"]`)].find(visible);
  target?.click();
  return Boolean(target);
}

export function installShortcuts() {
  const dialog = document.getElementById('shortcuts');
  const toggle = dialog?.querySelector('[data-shortcuts-switch]');
  if (toggle) {
    toggle.checked = lettersOn();
    toggle.addEventListener('change', () => localStorage.setItem(SETTING, toggle.checked ? 'on' : 'off'));
    dialog.addEventListener('beforetoggle', () => list(dialog));
  }
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const shortcut = shortcutOf(event, { writing: isWriting(event.target), lettersOn: lettersOn() });
    if (shortcut && run(shortcut)) event.preventDefault();
  });
}
