/**
 * Signed out while the page is open: ask to sign in on top of it, in a window of its own, and go on afterwards.
 * The page keeps what was typed. When somebody has signed in, `signed-in` is dispatched on the document: resend then.
 */
import { strings } from './page.js';

const signInUrl = () => `${strings().signInUrl}?next=${strings().signedInUrl}`;

/** The new session has a new token: put it wherever this page keeps the old one. */
async function takeNewToken() {
  const response = await fetch(strings().signedInUrl, { headers: { 'X-Background': '1' } });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const token = page.querySelector('meta[name="csrf-token"]')?.content ?? '';
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
  return true;
}

function build() {
  const words = strings();
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.id = 'signed-out';
  dialog.setAttribute('aria-labelledby', 'signed-out-title');
  const title = document.createElement('h2');
  title.id = 'signed-out-title';
  title.textContent = words.signedOut;
  const text = document.createElement('p');
  text.textContent = words.signedOutHelp;
  const actions = document.createElement('div');
  actions.className = 'actions';
  const link = document.createElement('a');
  link.className = 'button';
  link.dataset.kind = 'primary';
  link.href = signInUrl();
  link.target = 'palpate-sign-in';
  link.textContent = words.signIn;
  link.addEventListener('click', (event) => {
    if (globalThis.open(link.href, 'palpate-sign-in', 'width=480,height=760')) event.preventDefault();
  });
  actions.append(link);
  dialog.append(title, text, actions);
  dialog.addEventListener('close', () => dialog.remove());
  return dialog;
}

/** Show the question once, however many requests were refused. */
export function askToSignIn() {
  if (document.getElementById('signed-out')) return;
  const dialog = build();
  document.body.append(dialog);
  dialog.showModal();
}

export function installSignedOut() {
  if (!('BroadcastChannel' in globalThis)) return;
  const channel = new BroadcastChannel('palpate-session');
  channel.addEventListener('message', async (event) => {
    if (event.data !== 'signed-in' || !(await takeNewToken())) return;
    document.getElementById('signed-out')?.close();
    document.dispatchEvent(new CustomEvent('signed-in'));
  });
  document.addEventListener('signed-out', askToSignIn);
}
