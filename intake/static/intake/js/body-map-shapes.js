/** The regions of every view, from the file of drawings that the page's figures point at too: fetched once, kept by the browser. */
const known = new Map();

/** @param {string} address @returns {Promise<Map<string, Array<[string, string]>>>} by view: key and path data */
export function shapesAt(address) {
  if (!known.has(address)) known.set(address, load(address).catch((error) => { known.delete(address); throw error; }));
  return known.get(address);
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  const drawings = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
  return new Map([...drawings.querySelectorAll('g[id$="-seams"]')].map((group) => {
    const view = group.id.slice(0, -'-seams'.length);
    return [view, [...group.children].map((path) => [path.id.slice(view.length + 1), path.getAttribute('d')])];
  }));
}
