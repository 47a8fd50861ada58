/**
 * Outlines on the figure, for staff: where the structure that is pointed at lies, and where it refers to.
 * By pointer, tap and keyboard; the words beside say the same without it.
 */

/** How a place belongs to a structure: `local`, `referral` or nothing. Only on the sides that are marked. */
export function belongs(place, { local, referral, sides }) {
  const [code, side] = place.split('.');
  if (side && !sides.includes(side)) return '';
  if (local.includes(code)) return 'local';
  return referral.includes(code) ? 'referral' : '';
}

function wordsOf(text) {
  return (text ?? '').split(' ').filter(Boolean);
}

function point(prompt) {
  const figure = document.querySelector('.figure[data-sides]');
  if (!figure) return;
  const about = { local: wordsOf(prompt?.dataset.local), referral: wordsOf(prompt?.dataset.referral), sides: wordsOf(figure.dataset.sides) };
  for (const path of figure.querySelectorAll('.structures [data-place]')) path.dataset.how = belongs(path.dataset.place, about);
  const says = document.querySelector('[data-part="pointed"]');
  if (says) says.textContent = prompt ? says.dataset.says.replace('{name}', prompt.dataset.name) : '';
}

function listen(list) {
  const prompted = (event) => event.target.closest('li[data-local]');
  for (const type of ['pointerover', 'focusin', 'click']) {
    list.addEventListener(type, (event) => prompted(event) && point(prompted(event)));
  }
  list.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && point(null));
}

if (typeof document !== 'undefined') for (const list of document.querySelectorAll('.prompts')) listen(list);
