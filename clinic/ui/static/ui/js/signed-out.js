/**
 * Signed out while the page is open: ask to sign in on top of it, in a window of its own, and go on afterwards.
 * The page keeps what was typed. When somebody has signed in, `signed-in` is dispatched on the document: resend then.
 * A form with `data-guard` is sent only when the session still lives: the answer would replace the page, and the text with it.
 */
import { strings } from './page.js';
import { toast } from './toasts.js';

const signInUrl = () => `${strings().signInUrl}?next=${strings().signedInUrl}`;

const askWhoIsIn = () => fetch(strings().signedInUrl, { headers: { 'X-Background': '1' }, signal: AbortSignal.timeout(8000) });

/** A new session has a new token: put it wherever this page keeps the old one. */
async function takeToken(response) {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const token = page.querySelector('meta[name="csrf-token"]')?.content ?? '';
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
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

const asking = new WeakSet();
const free = new WeakSet();

/** Whether a form may leave now: somebody is signed in, and the server can be reached. */
async function mayLeave() {
  let response;
  try {
    response = await askWhoIsIn();
  } catch {
    toast({ text: strings().offline });
    return false;
  }
  if (response.ok) await takeToken(response);
  else if (response.status === 401) askToSignIn();
  else toast({ text: strings().failed });
  return response.ok;
}

async function onSubmit(event) {
  const form = event.target;
  if (form.dataset.guard === undefined || free.delete(form)) return;
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  const leaves = await mayLeave();
  asking.delete(form);
  if (!leaves) return;
  free.add(form);
  form.requestSubmit(event.submitter);
}

export function installSignedOut() {
  document.addEventListener('submit', onSubmit, { capture: true });
  document.addEventListener('signed-out', askToSignIn);
  if (!('BroadcastChannel' in globalThis)) return;
  const channel = new BroadcastChannel('palpate-session');
  channel.addEventListener('message', async (event) => {
    if (event.data !== 'signed-in') return;
    const response = await askWhoIsIn();
    if (!response.ok) return;
    await takeToken(response);
    document.getElementById('signed-out')?.close();
    document.dispatchEvent(new CustomEvent('signed-in'));
  });
}
