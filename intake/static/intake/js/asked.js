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

/** Show what is asked, hide what is not, fetch what the page does not hold. What was typed stays where it is. */
export async function follow(form, asked) {
  const found = new Map(holders(form).map((holder) => [holder.dataset.asked, holder]));
  const { show, hide, missing } = compare([...found.keys()], asked);
  for (const address of show) found.get(address).hidden = false;
  for (const address of hide) found.get(address).hidden = true;
  if (!missing.length) return;
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  adopt(form, page);
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
