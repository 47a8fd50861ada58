/**
 * Dialogs. `data-open-dialog="id"` opens one that is in the page; a link with `data-dialog` opens its target's
 * `<main data-dialog-body>` or `.confirm-page` as a dialog, and stays a link without a script.
 */
import { strings } from './page.js';

const SVG = 'http://www.w3.org/2000/svg';

function show(dialog) {
  document.querySelectorAll(':popover-open').forEach((menu) => menu.hidePopover());
  dialog.showModal();
}

function icon(name) {
  const sprite = document.querySelector('svg.icon use')?.getAttribute('href').split('#')[0];
  const drawing = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  drawing.setAttribute('class', 'icon');
  drawing.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `${sprite}#icon-${name}`);
  drawing.append(use);
  return drawing;
}

function closeButton() {
  const button = document.createElement('button');
  button.className = 'icon-button close';
  button.type = 'button';
  button.dataset.closeDialog = '';
  button.setAttribute('aria-label', strings().close);
  button.append(icon('close'));
  return button;
}

/** Shows what stands in `body`, an element of another page, as a dialog of this one. */
export function showDialog(body, { onClose } = {}) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  if (body.dataset.size) dialog.dataset.size = body.dataset.size;
  const title = body.querySelector('h1, h2');
  if (title) {
    title.id ||= 'dialog-title';
    dialog.setAttribute('aria-labelledby', title.id);
  }
  dialog.append(...document.importNode(body, true).childNodes, closeButton());
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
  });
  document.body.append(dialog);
  globalThis.htmx?.process(dialog);
  show(dialog);
  return dialog;
}

/** Whoever is quick has typed before the dialog is there: keep it for its first field. */
function keepTyping() {
  let typed = '';
  let isEntered = false;
  const listen = new AbortController();
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && typed) isEntered = true;
    else if (event.key.length === 1 && !isEntered) typed += event.key;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true, signal: listen.signal });
  return (dialog) => {
    listen.abort();
    const field = dialog?.querySelector('input[autofocus]');
    if (!field || !typed || !['search', 'text'].includes(field.type)) return;
    field.value += typed;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    if (isEntered) field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  };
}

async function openLink(link) {
  const handOver = keepTyping();
  try {
    handOver(await openPage(link));
  } catch (error) {
    handOver(null);
    throw error;
  }
}

async function openPage(link) {
  const response = await fetch(link.href, { headers: { 'X-Dialog': '1' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const body = page.querySelector('[data-dialog-body]');
  if (!response.ok || !body) {
    window.location.assign(link.href);
    return null;
  }
  for (const form of body.querySelectorAll('form:not([action])')) form.setAttribute('action', link.href);
  // The page may have drawn itself anew meanwhile.
  return showDialog(body, { onClose: () => (link.isConnected ? link : document.getElementById(link.id))?.focus() });
}

function onClick(event) {
  const opener = event.target.closest('[data-open-dialog]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.openDialog);
    if (dialog) {
      event.preventDefault();
      show(dialog);
    }
    return;
  }
  const closer = event.target.closest('[data-close-dialog]');
  if (closer?.closest('dialog')) {
    event.preventDefault();
    closer.closest('dialog').close();
    return;
  }
  const link = event.target.closest('a[data-dialog]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openLink(link);
    return;
  }
  // A click on the backdrop closes what is only information.
  if (event.target instanceof HTMLDialogElement && !event.target.querySelector('form[method=post]')) event.target.close();
}

export function installDialogs() {
  document.addEventListener('click', onClick);
}
