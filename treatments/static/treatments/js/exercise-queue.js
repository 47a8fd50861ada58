/**
 * Ticks the server has not confirmed yet, kept on this telephone: a dead network loses none of them. Without the DOM.
 * They go as soon as the server has them, and after a week in any case: it takes no older ones.
 * @typedef {{exercise: string, on: string, done?: string, pain?: string, at: number}} Tick
 */
const PREFIX = 'palpate:exercises:';
const LONGEST_MS = 7 * 24 * 60 * 60 * 1000;
const FIELDS = ['exercise', 'on', 'done', 'pain'];

/** What a form says, without its token. */
export function tickOf(entries, now) {
  const said = [...entries].filter(([name, value]) => FIELDS.includes(name) && value);
  return { ...Object.fromEntries(said), at: now };
}

/** What is said last of an exercise and a day stands; pain keeps with a tick, and goes when the tick is taken back. */
export function queued(ticks, tick) {
  const same = (other) => other.exercise === tick.exercise && other.on === tick.on;
  const before = ticks.find(same);
  const pain = tick.pain ?? (tick.done === '0' ? undefined : before?.pain);
  const kept = { ...tick, ...(pain === undefined ? {} : { pain }) };
  if (kept.pain !== undefined && kept.done === undefined) kept.done = '1';
  return [...ticks.filter((other) => !same(other)), kept];
}

export class TickQueue {
  /** @param {Storage} storage @param {string} list  which list of exercises; never its secret address */
  constructor(storage, list, now = () => Date.now()) {
    Object.assign(this, { storage, key: PREFIX + list, now, spare: [] });
  }

  all() {
    try {
      const found = JSON.parse(this.storage.getItem(this.key) ?? '[]');
      const young = (tick) => typeof tick?.exercise === 'string' && this.now() - tick.at < LONGEST_MS;
      return Array.isArray(found) ? found.filter(young) : [];
    } catch {
      return this.spare; // no storage: kept as long as the page is open
    }
  }

  add(tick) {
    this.write(queued(this.all(), tick));
  }

  /** Gone from the queue, unless something newer was said of it meanwhile. */
  sent(tick) {
    this.write(this.all().filter((other) => other.exercise !== tick.exercise || other.on !== tick.on || other.at > tick.at));
  }

  write(ticks) {
    this.spare = ticks;
    try {
      if (ticks.length) this.storage.setItem(this.key, JSON.stringify(ticks));
      else this.storage.removeItem(this.key);
    } catch {
      // kept in `spare`
    }
  }
}
