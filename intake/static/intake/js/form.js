/** A form request in the browser: autosave after every answer, "none of these", the way to the list of places. */
import './body-map.js';
import './signature-pad.js';
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

if (form) {
  const status = document.querySelector('[data-saved]');
  const say = (text, state) => {
    status.dataset.state = state;
    status.querySelector('span').textContent = text;
  };
  const saver = new Saver({
    send: async () => {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, keepalive: true, redirect: 'error',
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    },
    onSaved: ({ saved_at: time, advice }) => {
      if (advice) location.assign(advice);
      else if (!saver.isDirty) say(status.dataset.done.replace('{time}', time), 'saved');
    },
    onFailed: () => say(status.dataset.failed, 'failed'),
  });
  const touch = (pause) => {
    say(status.dataset.saving, 'saving');
    saver.touch(pause);
  };
  const isAnswer = (target) => target.name && !target.name.endsWith('.view');
  form.addEventListener('change', ({ target }) => isAnswer(target) && touch(200));
  form.addEventListener('input', ({ target }) => target.matches('textarea, input:not([type])') && touch(1500));
  form.addEventListener('submit', () => saver.stop());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && saver.flush());
  addEventListener('online', () => saver.flush());
}
