/**
 * Answers the server has not confirmed yet, kept on this device: a closed tab or a dead network loses none of them.
 * Without the DOM. They go as soon as the server has them, with the sent form, and after a week in any case.
 * @typedef {{body: string, at: number}} Kept  the form, urlencoded, without its token
 */
const PREFIX = 'palpate:form:';
const LONGEST_MS = 7 * 24 * 60 * 60 * 1000;

const isAnswer = (name) => name !== 'csrfmiddlewaretoken' && !name.endsWith('.view');

/** The answers of a form as one text; the token and which side of the body is looked at are none. */
export function bodyOf(entries) {
  const fields = [...entries].filter(([name, value]) => isAnswer(name) && typeof value === 'string');
  return new URLSearchParams(fields).toString();
}

const says = ([name, value]) => value && !name.endsWith(':rows') && !name.startsWith('_');

/** What was kept is worth offering when it says something else than the page; how many rows there are says nothing, nor does what the page says of itself. */
export function isWorthOffering(kept, body) {
  if (typeof kept?.body !== 'string') return false;
  const [was, is] = [kept.body, body].map((text) => [...new URLSearchParams(text)].filter(says).sort().join('&'));
  return was !== is;
}

export class KeptAnswers {
  /**
   * @param {Storage} local  lives on after the tab
   * @param {Storage} session  dies with the tab: remembers which page was sent last
   * @param {string} path  the address of this page of the form
   */
  constructor(local, session, path, now = () => Date.now()) {
    Object.assign(this, { local, session, path, now });
  }

  keep(body) {
    this.quietly(() => this.local.setItem(PREFIX + this.path, JSON.stringify({ body, at: this.now() })));
  }

  /** @returns {Kept|null} */
  get() {
    return this.quietly(() => JSON.parse(this.local.getItem(PREFIX + this.path) ?? 'null'));
  }

  forget(path = this.path) {
    this.quietly(() => this.local.removeItem(PREFIX + path));
  }

  /** The page is about to be sent by its button. */
  leave() {
    this.quietly(() => this.session.setItem(PREFIX, this.path));
  }

  /** On another page of the form, so what was sent has arrived: it need not be kept. Old ones go as well. */
  arrive() {
    const sent = this.quietly(() => this.session.getItem(PREFIX));
    this.quietly(() => this.session.removeItem(PREFIX));
    if (sent && sent !== this.path) this.forget(sent);
    for (const path of this.paths()) {
      const at = this.quietly(() => JSON.parse(this.local.getItem(PREFIX + path))?.at) ?? 0;
      if (this.now() - at > LONGEST_MS) this.forget(path);
    }
  }

  /** The whole form was sent: nothing of it stays on the device. */
  forgetAll(start) {
    for (const path of this.paths()) if (path.startsWith(start)) this.forget(path);
  }

  paths() {
    const keys = this.quietly(() => Array.from({ length: this.local.length }, (_, index) => this.local.key(index))) ?? [];
    return keys.filter((key) => key?.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  /** A browser may refuse to keep anything, or be full: then the form goes on without. */
  quietly(act) {
    try {
      return act() ?? null;
    } catch {
      return null;
    }
  }
}
