/** Toasts stay 8 seconds, longer while focused or pointed at. From the server in the page, or by the event `toasts`. */
import { Countdown } from './countdown.js';
import { csrfToken, strings } from './page.js';

const STAY = 8000;

function leaveLater(toast) {
  const countdown = new Countdown(STAY, performance.now());
  const hold = () => countdown.hold(performance.now());
  const release = () => countdown.release(performance.now());
  const tick = () => {
    if (!toast.isConnected) return;
    if (countdown.remaining(performance.now()) === 0) toast.remove();
    else setTimeout(tick, 200);
  };
  toast.addEventListener('pointerenter', hold);
  toast.addEventListener('pointerleave', release);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('focusout', release);
  tick();
}

function prepare(toast) {
  if (toast.dataset.prepared !== undefined) return;
  toast.dataset.prepared = '';
  const dismiss = toast.querySelector('[data-dismiss]');
  if (dismiss) {
    dismiss.hidden = false;
    dismiss.addEventListener('click', () => toast.remove());
  }
  leaveLater(toast);
}

function button(label) {
  const element = document.createElement('button');
  element.className = 'button';
  element.dataset.size = 'small';
  element.textContent = label;
  return element;
}

function undoForm(url) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = url;
  const token = document.createElement('input');
  token.type = 'hidden';
  token.name = 'csrfmiddlewaretoken';
  token.value = csrfToken();
  form.append(token, button(strings().undo));
  return form;
}

/**
 * Say something at the foot of the page.
 * @param {{text: string, undo?: string, link?: {url: string, label: string}}} message
 */
export function toast({ text, undo = '', link = null }) {
  const region = document.getElementById('toasts');
  if (!region) return;
  const element = document.createElement('div');
  element.className = 'toast';
  element.dataset.toast = '';
  const words = document.createElement('span');
  words.textContent = text;
  element.append(words);
  if (undo) element.append(undoForm(undo));
  if (link) {
    const way = document.createElement('a');
    way.className = 'button';
    way.dataset.size = 'small';
    way.href = link.url;
    way.textContent = link.label;
    element.append(way);
  }
  region.append(element);
  prepare(element);
}

export function installToasts() {
  document.querySelectorAll('[data-toast]').forEach(prepare);
  document.body.addEventListener('toasts', (event) => event.detail.items.forEach(toast));
  document.body.addEventListener('toast', (event) => toast(event.detail));
}
