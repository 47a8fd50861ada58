/**
 * <note-editor>: the form of a note saves itself, its rows grow, its numbers are drawn while they are typed.
 * Without this script the form works with its buttons alone.
 */
import { csrfToken } from "../../ui/js/page.js";
import { DraftKeeper } from "./draft-keeper.js";
import { changedParts, mixed, partOf, partsOf, recovery } from "./draft-parts.js";
import { NoteNotices, worded } from "./note-notices.js";
import { fill } from "./note-recover.js";
import { sendKept, sendParts } from "./note-sending.js";
import { NoteStore, databaseShelf, newDevice, openDevices } from "./note-store.js";
import { SeenVersions } from "./note-seen.js";
import { askToSign } from "./signing.js";
import { installRows } from "./note-rows.js";
import { installFigures } from "./note-figures.js";
import { installFindings } from "./note-findings.js";
import { installTriggerPoints } from "./trigger-points.js";

const RETRY_ON_RETURN = ["focus", "online"];
const WAIT_FOR_CLOSING_MS = 2000;
const NOT_TYPED = ["csrfmiddlewaretoken", "version", "device"];

/** A form as it would be sent, without what nobody types. */
function bodyOf(form) {
  const data = new FormData(form);
  for (const name of NOT_TYPED) data.delete(name);
  return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
}

class NoteEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.notices = new NoteNotices(this);
    this.sign = document.querySelector(`button[form="${this.form.id}"][value="sign"]`);
    installRows(this);
    installFigures(this);
    installFindings(this);
    installTriggerPoints(this);
    const { note, user } = this.dataset;
    const device = newDevice();
    this.form.elements.device.value ||= device;
    this.device = this.form.elements.device.value;
    this.store = new NoteStore({ note, user, device, shelf: databaseShelf(), alive: openDevices });
    this.seen = new SeenVersions(this.store.storage);
    this.keeper = new DraftKeeper({
      read: () => bodyOf(this.form),
      rendered: this.rendered(),
      send: (sent) => sendParts(this.dataset.url, { ...sent, device: this.device }),
      store: this.store,
      onState: (state, detail) => this.show(state, detail),
      version: Number(this.dataset.version),
    });
    this.listen();
    if (!this.keeper.isClean) this.keeper.touch();
    this.tellOfElsewhere();
    this.recover();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.form.addEventListener("input", (event) => this.onInput(event), { signal });
    this.form.addEventListener("change", () => this.keeper.touch(), { signal });
    this.form.addEventListener("focusout", () => this.keeper.state === "dirty" && this.keeper.flush(), { signal });
    this.form.addEventListener("submit", (event) => this.onSubmit(event), { signal, capture: true });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    for (const name of RETRY_ON_RETURN) window.addEventListener(name, () => this.keeper.retry(), { signal });
    document.addEventListener("signed-in", () => this.onSignedIn(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.keeper.flush(), { signal });
    window.addEventListener("pagehide", () => this.keeper.flush(), { signal });
    // A page out of the browser's memory shows what was true when it was left.
    window.addEventListener("pageshow", (event) => event.persisted && window.location.reload(), { signal });
    window.addEventListener("beforeunload", (event) => this.onLeave(event), { signal });
  }

  /** The form as the server has it, whatever was typed since. What it answered with an error it does not have. */
  rendered() {
    const copy = this.form.cloneNode(true);
    copy.reset();
    const body = bodyOf(copy);
    const { unsaved = "" } = this.dataset;
    return mixed(body, "", unsaved === "*" ? [...partsOf(body).keys()] : unsaved.split(" ").filter(Boolean).map(partOf));
  }

  onInput(event) {
    const carried = event.target.closest("[data-carried]");
    if (carried && carried.dataset.touched === undefined) {
      carried.dataset.touched = "";
      carried.classList.remove("carried");
      carried.querySelector(":scope > p:not(.add)")?.remove();
    }
    this.keeper.touch();
  }

  /** A button was pressed: what was typed arrives first, then the form goes with the version it was typed over. */
  async onSubmit(event) {
    if (this.isLeaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    // Not before this event is over: until then the browser ignores a second submit of the form.
    await new Promise((resolve) => setTimeout(resolve));
    this.submitter = (await this.keeper.leave()) ? null : submitter;
    await this.takingOver;
    if (this.submitter) return; // the notice says why; after signing in again it goes on by itself
    this.form.elements.version.value = this.keeper.version;
    this.form.elements.csrfmiddlewaretoken.value = csrfToken();
    if (submitter === this.sign && (await askToSign(this))) return;
    this.isLeaving = true;
    this.seen.leaves(this.dataset.note);
    this.form.requestSubmit(submitter);
  }

  async onSignedIn() {
    await this.keeper.retry();
    if (this.submitter && this.keeper.isClean) this.form.requestSubmit(this.submitter);
  }

  onKey(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "s") {
      event.preventDefault();
      this.keeper.flush();
    } else if (event.key === "Enter" && this.sign) {
      event.preventDefault();
      this.form.requestSubmit(this.sign);
    }
  }

  onLeave(event) {
    if (!this.isLeaving && !this.keeper.isClean) {
      this.keeper.flush();
      event.preventDefault();
    }
  }

  show(state, detail) {
    const { notices } = this;
    const words = this.dataset;
    notices.state(state, detail);
    if (detail.missing) this.tellWhatIsMissing(detail.missing);
    if (state === "saved") this.seen.saw(words.note, this.keeper.version);
    if (state !== "saving") notices.hush(...["offline", "signed-out", "conflict", "invalid", "refused"].filter((one) => one !== state));
    if (state === "offline") notices.say(state, this.store.isSafe ? words.offlineHelp : words.unsafe, notices.button(words.again, () => this.keeper.retry()));
    if (state === "invalid") notices.say(state, `${words.invalid} ${Object.values(detail.errors).join(" ")}`);
    if (state === "refused") notices.say(state, `${words.refused} ${detail.message ?? ""}`, notices.button(words.again, () => this.keeper.retry()));
    if (state === "signed-out") this.askToSignIn();
    if (state === "conflict" || state === "signed") this.tellOfBoth(state, detail.details ?? {});
    if (detail.is_merged) this.takingOver = this.takeOver();
  }

  tellWhatIsMissing(codes) {
    const line = this.querySelector("[data-lacks]");
    line.hidden = codes.length === 0;
    for (const lack of line.querySelectorAll("[data-lack]")) lack.hidden = !codes.includes(lack.dataset.lack);
  }

  /** On top of the page; the same is said under it for whoever closes the question. */
  askToSignIn() {
    document.dispatchEvent(new CustomEvent("signed-out"));
    const again = this.notices.button(this.dataset.signedOutAction, () => this.keeper.retry());
    this.notices.say("signed-out", this.dataset.signedOut, again);
  }

  tellOfBoth(state, { parts = [], at = "", by = "", url }) {
    const words = this.dataset;
    const text = worded(state === "signed" ? words.signedElsewhere : words.conflict, { parts: parts.join(", "), at, by });
    const link = this.notices.link(state === "signed" ? words.signedAction : words.conflictAction, url);
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await this.keeper.flush(); // the page it leads to shows all that was typed
      window.location.assign(url);
    });
    this.notices.say("conflict", text, link);
  }

  tellOfElsewhere() {
    const { note, version, savedAt, elsewhere } = this.dataset;
    const minutes = this.seen.elsewhere(note, Number(version), Date.parse(savedAt));
    this.seen.saw(note, Number(version));
    if (minutes === null) return;
    const close = this.notices.button(this.dataset.understood, () => this.notices.hush("elsewhere"));
    this.notices.say("elsewhere", worded(elsewhere, { minutes }), close);
  }

  /** Saved, and other parts were saved elsewhere meanwhile: show them where nothing was typed here. */
  async takeOver() {
    const answer = await fetch(window.location.pathname, { headers: { "X-Background": "1" } }).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = page && page.querySelector("note-editor form");
    if (!theirs) return;
    const now = bodyOf(theirs);
    const newer = this.keeper.rebase(now, Number(page.querySelector("note-editor").dataset.version));
    if (newer.length) fill(this.form, now, newer);
  }

  /** What earlier visits to this page left on the device: back into the form, or beside the note when it has moved on. */
  async recover(triesLeft = 3) {
    const arrived = /(?:^|;\s*)note-arrived=([\w-]+)/.exec(document.cookie)?.[1];
    for (const [key, kept] of await this.store.abandoned()) {
      if (kept.device === arrived) {
        this.store.drop(key); // a button took all of it, what only a button takes as well
        continue;
      }
      const before = bodyOf(this.form);
      const { restore, disputed } = recovery(kept, before);
      fill(this.form, kept.body, restore);
      const lost = changedParts(kept.body, bodyOf(this.form)).filter((part) => restore.includes(part));
      fill(this.form, before, lost); // a choice that is not offered any more: somebody has to look
      const beside = [...disputed, ...lost];
      const back = restore.filter((part) => !lost.includes(part));
      if (back.length) this.tellOfReturn(before, back);
      // Exactly as it was typed: the page it was typed on may have sent it as well while it was closed.
      if (back.length) await this.keeper.flush();
      if (!beside.length || (await this.setAside(kept, beside))) this.store.drop(key);
    }
    if (this.store.hasNeighbours && triesLeft) setTimeout(() => this.recover(triesLeft - 1), WAIT_FOR_CLOSING_MS);
  }

  tellOfReturn(before, parts) {
    const undo = this.notices.button(this.dataset.undo, () => {
      fill(this.form, before, parts);
      this.notices.hush("found");
    });
    const close = this.notices.button(this.dataset.understood, () => this.notices.hush("found"));
    this.notices.say("found", this.dataset.found, close, undo);
  }

  /** What somebody has to choose about goes to the server as it was typed. Whether it arrived. */
  async setAside(kept, parts) {
    const { status, details, hasArrived } = await sendKept(this.dataset.url, kept, parts);
    if (details.is_set_aside) this.tellOfBoth(status === 409 ? "signed" : "conflict", details);
    else if (hasArrived) this.takingOver = this.takeOver();
    return hasArrived;
  }
}

customElements.define("note-editor", NoteEditor);
