/** Which version of a note this device saw last: another one, a short while ago, was written elsewhere. Without the DOM. */
const KEY = "palpate-notes-seen";
const RECENT_MS = 30 * 60 * 1000;
const LONGEST_MS = 24 * 60 * 60 * 1000;

export class SeenVersions {
  constructor(storage, now = () => Date.now()) {
    Object.assign(this, { storage, now });
  }

  all() {
    try {
      return JSON.parse(this.storage.getItem(KEY) ?? "{}");
    } catch {
      return {};
    }
  }

  saw(note, version) {
    const kept = Object.entries(this.all()).filter(([, [, at]]) => this.now() - at < LONGEST_MS);
    try {
      this.storage.setItem(KEY, JSON.stringify({ ...Object.fromEntries(kept), [note]: [version, this.now()] }));
    } catch {
      // A browser that keeps nothing cannot tell; saving over other text is noticed all the same.
    }
  }

  /** This page is about to save by a button: the next version is its own. */
  leaves(note) {
    this.saw(note, "any");
  }

  /** How many minutes ago it was written on another device; null when it was not, or long ago. */
  elsewhere(note, version, savedAt) {
    const [seen] = this.all()[note] ?? [1];
    const ago = this.now() - savedAt;
    if (seen === "any" || seen === version || !(ago < RECENT_MS)) return null;
    return Math.max(Math.round(ago / 60_000), 0);
  }
}
