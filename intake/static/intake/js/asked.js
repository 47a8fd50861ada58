/** Keeps the page in step with what the server asks, given the answers so far. */

/**
 * Which questions of the page to show and hide, and whether one is asked that the page does not hold. Without the DOM.
 * @param {string[]} held addresses of the page, in its order
 * @param {string[]} asked addresses the server asks
 */
export function compare(held, asked) {
  const [here, wanted] = [new Set(held), new Set(asked)];
  return {
    show: held.filter((address) => wanted.has(address)),
    hide: held.filter((address) => !wanted.has(address)),
    missing: asked.filter((address) => !here.has(address)),
  };
}

const holders = (root) => [...root.querySelectorAll('.asked[data-asked]')];

/**
 * Show what is asked, hide what is not, fetch what the page does not hold. What was typed stays where it is.
 * @param {string[]} stale parts that were answered elsewhere: drawn anew, unless `isTouched` says somebody is at them
 * @returns {Promise<{fresh: Record<string, string>, left: string[]}>} prints of what was drawn anew, and what was not
 */
export async function follow(form, asked, stale = [], isTouched = () => false) {
  const found = new Map(holders(form).map((holder) => [holder.dataset.asked, holder]));
  const { show, hide, missing } = compare([...found.keys()], asked);
  for (const address of show) found.get(address).hidden = false;
  for (const address of hide) found.get(address).hidden = true;
  const page = missing.length || stale.length ? await freshPage() : null;
  if (!page) return { fresh: {}, left: stale };
  const drawn = page.querySelector('[name="_drawn"]');
  const { prints } = drawn ? JSON.parse(drawn.value) : { prints: {} };
  const taken = stale.filter((part) => !isTouched(part) && renew(form, page, part));
  adopt(form, page);
  return {
    fresh: Object.fromEntries(taken.map((part) => [part, prints[part] ?? ''])),
    left: stale.filter((part) => !taken.includes(part)),
  };
}

async function freshPage() {
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

/** Whether a holder belongs to a part: the question itself, or what stands in its rows or under its answers. */
const isOf = (part) => (holder) => holder.dataset.asked === part || holder.dataset.asked.startsWith(`${part}:`);

/** What the fields of a part say, to tell whether somebody has changed them since. */
export function saidIn(form, part) {
  const fields = holders(form).filter(isOf(part)).flatMap((holder) => [...holder.querySelectorAll('input, select, textarea')]);
  return JSON.stringify(fields.filter((field) => !field.name.startsWith('_'))
    .map((field) => [field.name, field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value]));
}

/** Put a part of the screen as the server holds it in the place of this page's. */
function renew(form, page, part) {
  for (const own of holders(form).filter(isOf(part))) if (own.dataset.asked !== part) own.remove();
  const own = holders(form).find((holder) => holder.dataset.asked === part);
  const fresh = holders(page).find((holder) => holder.dataset.asked === part);
  if (!own || !fresh) return false;
  const hadFocus = own.contains(document.activeElement);
  own.replaceWith(document.adoptNode(fresh));
  if (hadFocus) fresh.querySelector('input:not([type="hidden"]), select, textarea')?.focus({ preventScroll: true });
  return true;
}

/** Put what a fresh page asks and this one does not hold where it belongs. */
function adopt(root, page) {
  let before = null;
  for (const fresh of holders(page)) {
    const own = root.querySelector(`.asked[data-asked="${CSS.escape(fresh.dataset.asked)}"]`);
    if (own) {
      before = own;
    } else {
      const adopted = document.adoptNode(fresh);
      if (before) before.after(adopted);
      else root.querySelector('.questions').prepend(adopted);
      before = adopted;
    }
  }
}

/** Bring a screen in step with a fresh one: show, hide, add, and say what was reckoned. What was typed stays. */
export function keepUp(screen, fresh) {
  const wanted = new Set(holders(fresh).map((holder) => holder.dataset.asked));
  for (const holder of holders(screen)) holder.hidden = !wanted.has(holder.dataset.asked);
  for (const place of fresh.querySelectorAll('[data-calculated]')) {
    const own = screen.querySelector(`[data-calculated="${CSS.escape(place.dataset.calculated)}"]`);
    if (own) own.textContent = place.textContent;
  }
  adopt(screen, fresh);
}

/** Put what the server has reckoned where it is shown. */
export function showCalculated(form, calculated) {
  for (const place of form.querySelectorAll('[data-calculated]')) {
    place.textContent = calculated[place.dataset.calculated] ?? '–';
  }
}
