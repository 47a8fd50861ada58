/** A form request in the browser: autosave after every answer, "none of these", the way to the list of places. */
import './body-map.js';
import './form-slider.js';
import './signature-pad.js';
import { follow, saidIn, showCalculated } from './asked.js';
import { ask, Drawn } from './elsewhere.js';
import { bodyOf, isWorthOffering, KeptAnswers } from './kept.js';
import { respond } from './logic/page.js';
import { Saver } from './saver.js';

const form = document.querySelector('form[data-autosave]');

/** An answer that goes with no other: ticking it clears the others, ticking another clears it. */
document.addEventListener('change', ({ target }) => {
  if (!target.matches('input[type="checkbox"]') || !target.checked) return;
  const group = [...target.form.elements].filter((input) => input.name === target.name && input !== target);
  if (!group.some((input) => input.dataset.exclusive !== undefined) && target.dataset.exclusive === undefined) return;
  for (const input of group) {
    if (target.dataset.exclusive !== undefined || input.dataset.exclusive !== undefined) input.checked = false;
  }
}, { capture: true });

document.querySelector('[data-opens-list]')?.addEventListener('click', () => {
  document.getElementById('pain-map-list').open = true;
});

/** A browser set to keep nothing throws on the very name. A tablet that others use keeps nothing of anybody. */
function storage(name) {
  if (document.querySelector('kiosk-turn')) return undefined;
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}

/** Whether a field says something else than the page as it was sent. */
function isAhead(input) {
  if (input.type === 'checkbox' || input.type === 'radio') return input.checked !== input.defaultChecked;
  if (input.options) return [...input.options].some((option) => option.selected && !option.defaultSelected && option.value);
  return 'defaultValue' in input && input.value !== input.defaultValue;
}

const kept = new KeptAnswers(storage('localStorage'), storage('sessionStorage'), location.pathname);
const sent = document.querySelector('[data-form-sent]');
if (sent) kept.forgetAll(sent.dataset.formSent);

if (form) {
  respond(form);
  kept.arrive();
  const askAgain = document.querySelector('[data-ask-again]');
  const status = document.querySelector('[data-saved]');
  const say = (text, state) => {
    status.dataset.state = state;
    status.querySelector('span').textContent = text;
  };
  const sayFailed = () => say(navigator.onLine ? status.dataset.failed : status.dataset.offline, 'failed');
  const drawn = new Drawn(form.elements.namedItem('_drawn'));
  let said = new Map();
  const send = async (body) => {
    const answer = await fetch(form.dataset.autosave, {
      method: 'POST', body, headers: { Accept: 'application/json' }, keepalive: true, redirect: 'error',
    });
    askAgain.hidden = answer.status !== 401;
    const told = answer.ok || answer.status === 409 ? await answer.json() : {};
    if (!answer.ok && !told.clashes) throw new Error(String(answer.status));
    return told;
  };
  /** Files go with the page, never with an autosave. */
  const answersOnly = () => {
    const body = new FormData(form);
    for (const { name } of form.querySelectorAll('input[type="file"]')) body.delete(name);
    return body;
  };
  const isTouched = (part) => said.get(part) !== saidIn(form, part);
  const saver = new Saver({
    send: () => {
      const parts = [...form.querySelectorAll('[data-asked]')].map((holder) => holder.dataset.asked);
      said = new Map(parts.map((part) => [part, saidIn(form, part)]));
      return send(answersOnly());
    },
    onSaved: async (told) => {
      const isAsking = Object.keys(told.clashes).length > 0;
      showCalculated(form, told.calculated);
      drawn.told(told.prints, told.elsewhere);
      ask(form, told.clashes);
      if (!saver.isDirty && !told.unread.length && !isAsking) kept.forget();
      if (told.advice) location.assign(told.advice);
      else if (!saver.isDirty && isAsking) say(status.dataset.which, 'failed');
      else if (!saver.isDirty && told.unread.length) say(status.dataset.unread, 'failed');
      else if (!saver.isDirty) say((told.elsewhere.length ? status.dataset.elsewhere : status.dataset.done).replace('{time}', told.saved_at), 'saved');
      const { fresh } = await follow(form, told.asked, told.elsewhere, isTouched);
      drawn.drew(fresh);
    },
    onFailed: sayFailed,
  });

  /** Let the server draw the page with these answers in it, and with what it has to ask about them. */
  const sendAsPage = (body) => {
    const page = Object.assign(document.createElement('form'), { method: 'post', hidden: true });
    body.set('_stay', '1');
    for (const [name, value] of body) page.append(Object.assign(document.createElement('textarea'), { name, value }));
    document.body.append(page);
    page.submit();
  };

  const found = kept.get();
  const offer = document.querySelector('[data-kept]');
  // Once the custom elements have drawn their own fields: only then the form says what the server holds.
  setTimeout(() => {
    if (form.querySelector('[data-clash]')) kept.keep(bodyOf(new FormData(form))); // in this page alone until one stands
    else if (isWorthOffering(found, bodyOf(new FormData(form)))) offer.hidden = false;
    else kept.forget();
  });
  offer.querySelector('[data-put-back]').addEventListener('click', async () => {
    const body = new URLSearchParams(found.body);
    body.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
    try {
      const { clashes } = await send(body);
      if (Object.keys(clashes).length) return sendAsPage(body);
    } catch {
      return sayFailed();
    }
    kept.forget();
    return location.reload();
  });
  offer.querySelector('[data-discard]').addEventListener('click', () => {
    kept.forget();
    offer.hidden = true;
  });

  const touch = (pause) => {
    say(status.dataset.saving, 'saving');
    kept.keep(bodyOf(new FormData(form)));
    saver.touch(pause);
  };
  const isAnswer = (target) => target.name && target.type !== 'file' && !target.name.endsWith('.view');
  form.addEventListener('change', ({ target }) => {
    if (target.type === 'file') target.files.length && form.requestSubmit(target.parentElement.querySelector('[name="_file"]'));
    else if (isAnswer(target)) touch(200);
  });
  form.addEventListener('input', ({ target }) => target.matches('textarea, input:not([type]), input[type="text"]') && touch(1500));
  form.addEventListener('submit', ({ submitter }) => {
    saver.stop();
    if (submitter?.name !== '_remove') kept.keep(bodyOf(new FormData(form))); // what is taken out is not offered again
    kept.leave();
  });
  if ([...form.elements].some((input) => isAnswer(input) && isAhead(input))) touch(0); // answered before this script came
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && saver.flush());
  addEventListener('online', () => saver.flush());
}
