/**
 * Keeps a draft: saves what was typed after a pause, keeps it on this device until the server has it, and says where
 * things stand. No DOM: the editor hands in how to read the form, how to send it, where to store it and the clock.
 *
 * States: "saved", "dirty" (typed, not sent), "saving", "offline" (no answer: tried again by itself), "signed-out" (401 or
 * an expired token), "conflict" (412: somebody saved in between), "invalid" (saved but for some boxes), "refused".
 */
export const PAUSE_MS = 3000;
export const RETRY_MS = 5000;

/** What an answer means for the draft. `status` 0 is no answer at all. */
export function verdict({ status, redirected = false, code = "" }) {
  if (redirected || status === 401 || code === "form-expired") return "signed-out";
  if (status === 0 || status === 429 || status >= 500) return "offline";
  if (status === 412) return "conflict";
  if (status >= 200 && status < 300) return "saved";
  return "refused";
}

/**
 * What was kept on the device is worth offering when it differs from what the page holds now: unless it went off with a
 * button, and the version says that it arrived.
 */
export function isWorthOffering(kept, current, version) {
  if (typeof kept?.body !== "string") return false;
  if (kept.isSent && version > kept.version) return false;
  return differences(current, kept.body).length > 0;
}

/** Names whose values differ between two urlencoded bodies, the token and the version aside: [name, was, is]. */
export function differences(before, after) {
  const [was, is] = [new URLSearchParams(before), new URLSearchParams(after)];
  const names = new Set([...was.keys(), ...is.keys()]);
  return [...names]
    .filter((name) => name !== "version" && !name.endsWith("_FORMS"))
    .map((name) => [name, shown(was, name), shown(is, name)])
    .filter(([, old, now]) => old !== now);
}

/** An empty row has a side of "none" and nothing else: that is no text. */
function shown(fields, name) {
  const value = fields.getAll(name).join(", ");
  return name.endsWith("-side") && value === "none" ? "" : value;
}

export class DraftKeeper {
  /**
   * @param {object} parts
   * @param {() => string} parts.read the form as an urlencoded body, without token and version
   * @param {string} [parts.rendered] the same as the server sent it; what differs was typed before this script came
   * @param {(body: string, version: number) => Promise<{status: number, redirected?: boolean, body?: object}>} parts.send
   * @param {{get: () => object|null, set: (value: object) => void, remove: () => void}} parts.store
   * @param {(state: string, detail: object) => void} parts.onState
   * @param {number} parts.version
   * @param {{set: Function, clear: Function, now: () => number}} [parts.clock]
   */
  constructor({ read, rendered, send, store, onState, version, clock }) {
    Object.assign(this, { read, send, store, onState, version });
    this.clock = clock ?? { set: (f, ms) => setTimeout(f, ms), clear: (id) => clearTimeout(id), now: () => Date.now() };
    this.acknowledged = rendered ?? read();
    this.state = "saved";
    this.timer = null;
    this.flight = null;
  }

  /** Call after every change of the form. */
  touch() {
    const body = this.read();
    if (body === this.acknowledged && !this.flight) {
      this.settle("saved", {});
      this.store.remove();
      return;
    }
    this.store.set({ body, version: this.version, at: this.clock.now() });
    if (this.state === "conflict") return; // a person decides first
    if (!this.flight && this.state !== "signed-out" && this.state !== "offline") this.settle("dirty", {});
    this.later(PAUSE_MS);
  }

  later(ms) {
    this.clock.clear(this.timer);
    this.timer = this.clock.set(() => this.flush(), ms);
  }

  get isClean() {
    return !this.flight && this.read() === this.acknowledged;
  }

  /** Send what is not acknowledged yet. Resolves when the server has answered, and never throws. */
  async flush() {
    this.clock.clear(this.timer);
    if (this.flight) return this.flight;
    if (this.state === "conflict" || this.read() === this.acknowledged) return undefined;
    this.flight = this.attempt().finally(() => {
      this.flight = null;
    });
    await this.flight;
    if (this.state === "saved" && this.read() !== this.acknowledged) this.touch(); // typed on meanwhile
    return undefined;
  }

  async attempt() {
    const body = this.read();
    this.settle("saving", {});
    let answer;
    try {
      answer = await this.send(body, this.version);
    } catch {
      answer = { status: 0 };
    }
    this.take(body, answer);
  }

  take(body, answer) {
    const said = answer.body ?? {};
    const meaning = verdict({ ...answer, code: said.code });
    if (meaning === "saved") return this.accept(body, said);
    if (meaning === "offline") this.later(RETRY_MS);
    return this.settle(meaning, said);
  }

  accept(body, said) {
    this.version = said.version ?? this.version;
    this.acknowledged = body;
    const hasErrors = Object.keys(said.errors ?? {}).length > 0;
    if (!hasErrors && this.read() === body) this.store.remove();
    this.settle(hasErrors ? "invalid" : "saved", said);
  }

  /** The form is about to be sent by a button: no save crosses it, and what is kept knows that it went. */
  async leave() {
    this.clock.clear(this.timer);
    await this.flight;
    this.clock.clear(this.timer);
    const kept = this.store.get();
    if (kept) this.store.set({ ...kept, body: this.read(), version: this.version, isSent: true });
  }

  /** After a conflict was looked at: go on over the server's version. */
  resolve(version) {
    this.version = version;
    this.settle("dirty", {});
    return this.flush();
  }

  /** After signing in again, or when the network is back. */
  retry() {
    if (this.state === "offline" || this.state === "signed-out" || this.state === "refused") {
      this.settle("dirty", {});
      return this.flush();
    }
    return undefined;
  }

  settle(state, detail) {
    this.state = state;
    this.onState(state, detail);
  }
}
