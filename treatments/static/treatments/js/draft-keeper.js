/**
 * Keeps a draft: at most three seconds after a key was pressed what was typed is on its way to the server; until the
 * server has it, it is kept on this device. No DOM: the editor hands in how to read the form, how to send it, where to
 * keep it and the clock.
 *
 * States: "saved", "dirty" (typed, not sent), "saving", "offline" (no answer: tried again by itself), "signed-out" (401
 * or an expired token), "conflict" (somebody saved other text there: the server keeps this one beside it, and what is
 * typed later too), "signed" (the same, over a note that was signed), "invalid" (saved but for some boxes), "refused".
 */
import { changedParts, mixed, pick } from "./draft-parts.js";

export const PAUSE_MS = 3000;
export const RETRY_MS = 1000;
export const LONGEST_RETRY_MS = 30_000;
const ASIDE = new Set(["conflict", "signed"]);
const STUCK = new Set(["offline", "signed-out", "refused"]);

/** What an answer means for the draft. `status` 0 is no answer at all. */
export function verdict({ status, redirected = false, code = "" }) {
  if (redirected || status === 401 || code === "form-expired") return "signed-out";
  if (status === 0 || status === 408 || status === 429 || status >= 500) return "offline";
  if (status === 412) return "conflict";
  if (status === 409 && code === "note-signed") return "signed";
  if (status >= 200 && status < 300) return "saved";
  return "refused";
}

/** May have been carried out although nobody said so: it is sent once more as it was before anything newer. */
const mayHaveArrived = (status) => status === 0 || status === 408 || status >= 500;

export class DraftKeeper {
  /**
   * @param {object} parts
   * @param {() => string} parts.read the form as an urlencoded body
   * @param {string} [parts.rendered] the same as the server has it; what differs was typed before this script came
   * @param {(sent: object) => Promise<{status: number, redirected?: boolean, wait?: number, body?: object}>} parts.send
   * @param {{set: (value: object) => void, remove: () => void}} parts.store
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
    this.attempt = null; // sent, and nobody said what became of it
    this.answered = null; // the form as it was at the last answer: nothing new to send while it reads the same
    this.failures = 0;
    this.hasAside = false;
    this.known = version; // the newest the server told of
  }

  /** Call after every change of the form. */
  touch() {
    const body = this.read();
    if (!this.flight && !this.attempt && !changedParts(this.acknowledged, body).length) {
      if (!this.hasAside) {
        this.store.remove();
        return this.settle("saved", {});
      }
    } else {
      this.keep(body);
    }
    if (this.state === "signed-out") return undefined; // whoever signs in again sends it
    if (!this.flight && !STUCK.has(this.state) && !ASIDE.has(this.state)) this.settle("dirty", {});
    return this.soon(PAUSE_MS);
  }

  keep(body) {
    const { acknowledged: base, attempt, version } = this;
    this.store.set({ body, base, attempt, version, at: this.clock.now() });
  }

  /** Within this time, not that long after the last key: who types without a pause is saved as well. */
  soon(ms) {
    this.timer ??= this.clock.set(() => this.flush(), ms);
  }

  stopWaiting() {
    this.clock.clear(this.timer);
    this.timer = null;
  }

  get isClean() {
    return !this.flight && !this.attempt && !this.hasNews();
  }

  hasNews() {
    const body = this.read();
    if (body === this.answered) return false;
    return this.hasAside || changedParts(this.acknowledged, body).length > 0;
  }

  /** Send what is not acknowledged yet. Resolves when the server has answered, and never throws. */
  async flush() {
    this.stopWaiting();
    if (this.flight) return this.flight;
    if (!this.attempt && !this.hasNews()) return undefined;
    this.flight = this.deliver().finally(() => {
      this.flight = null;
    });
    await this.flight;
    if (!STUCK.has(this.state) && this.hasNews()) this.touch(); // typed on meanwhile
    return undefined;
  }

  async deliver() {
    const isRepeated = Boolean(this.attempt);
    const body = this.read();
    this.attempt ??= { body, version: this.version, parts: changedParts(this.acknowledged, body) };
    this.keep(body); // with what is being sent: a killed tab knows that it may have arrived
    if (!ASIDE.has(this.state)) this.settle("saving", {});
    this.take(await this.ask(this.attempt));
    if (isRepeated && !this.attempt && !STUCK.has(this.state) && this.hasNews()) await this.deliver();
  }

  async ask({ body, version, parts }) {
    const [fields, base] = [pick(body, parts), pick(this.acknowledged, parts)];
    try {
      return await this.send({ fields, base, parts, version, settles: this.hasAside });
    } catch {
      return { status: 0 };
    }
  }

  take(answer) {
    const said = answer.body ?? {};
    const meaning = verdict({ ...answer, code: said.code });
    const { attempt } = this;
    if (meaning !== "offline" || !mayHaveArrived(answer.status)) this.attempt = null;
    if (meaning === "offline") this.soon(answer.wait ?? Math.min(RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS));
    else this.failures = 0;
    if (meaning === "saved") return this.accept(attempt, said);
    if (ASIDE.has(meaning)) this.keptAside(attempt, said);
    return this.settle(meaning, said);
  }

  accept({ body }, said) {
    // Merged: the server has parts that this page does not show yet. Until it does, what is typed was typed over the
    // old version, and the server compares part by part.
    if (!said.is_merged) this.version = said.version ?? this.version;
    this.known = said.version ?? this.known;
    // What the server could not take stays what it was: it is kept here, and sent again with the next change.
    this.acknowledged = mixed(body, this.acknowledged, said.unsaved ?? []);
    this.answered = body;
    this.hasAside = false;
    this.forget();
    const hasErrors = Object.keys(said.errors ?? {}).length > 0;
    this.settle(hasErrors ? "invalid" : "saved", said);
  }

  /** The server keeps this text beside the note: nothing of it is on this device alone. */
  keptAside({ body }, said) {
    this.answered = body;
    this.hasAside = said.details?.is_set_aside ?? false;
    if (this.read() === body) this.store.remove();
    else this.keep(this.read());
  }

  forget() {
    const body = this.read();
    if (changedParts(this.acknowledged, body).length) this.keep(body);
    else this.store.remove();
  }

  /**
   * A newer page was read: that is what the server has. Gives the parts to show here, where nothing was typed; a part
   * typed into here and changed there stays over what it was typed over, and the old version with it.
   */
  rebase(body, version) {
    if (this.flight || version < this.known) return [];
    const newer = changedParts(this.acknowledged, body);
    const typed = new Set(changedParts(this.acknowledged, this.read()));
    const disputed = newer.filter((part) => typed.has(part));
    this.acknowledged = mixed(body, this.acknowledged, disputed);
    if (!disputed.length) this.version = version;
    return newer.filter((part) => !typed.has(part));
  }

  /** The form is about to be sent by a button: everything arrives first. Whether it may go. */
  async leave() {
    await this.flush();
    if (!STUCK.has(this.state)) await this.flush(); // typed while the first was on its way
    this.stopWaiting();
    return this.state === "saved" || this.state === "invalid";
  }

  /** After signing in again, or when the network is back. */
  retry() {
    if (!STUCK.has(this.state)) return undefined;
    this.failures = 0;
    this.answered = null;
    this.settle("dirty", {});
    return this.flush();
  }

  settle(state, detail) {
    this.state = state;
    this.onState(state, detail);
  }
}
