/**
 * <note-editor>: the form of a note saves itself, its rows grow, its numbers are drawn while they are typed.
 * Without this script the form works with its buttons alone.
 */
import { csrfToken } from "../../ui/js/page.js";
import { DraftKeeper, differences, isWorthOffering } from "./draft-keeper.js";
import { noteStore } from "./note-store.js";
import { installRows } from "./note-rows.js";
import { installFigures } from "./note-figures.js";

const RETRY_ON_RETURN = ["focus", "online"];

/** A form as it would be sent, without token and version. */
function bodyOf(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  data.delete("version");
  return new URLSearchParams(data).toString();
}

class NoteEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.notice = this.querySelector("[data-notice]");
    this.sign = document.querySelector(`button[form="${this.form.id}"][value="sign"]`);
    this.save = document.querySelector(`button[form="${this.form.id}"][value="save"]`);
    installRows(this);
    installFigures(this);
    this.store = noteStore(this.dataset.note);
    const kept = this.store.get();
    this.keeper = new DraftKeeper({
      read: () => bodyOf(this.form),
      rendered: this.rendered(),
      send: (body, version) => this.send(body, version),
      store: this.store,
      onState: (state, detail) => this.show(state, detail),
      version: Number(this.dataset.version),
    });
    if (isWorthOffering(kept, this.keeper.acknowledged, this.keeper.version)) this.offer(kept);
    else this.store.remove();
    this.listen();
    if (!this.isOffering && !this.keeper.isClean) this.keeper.touch();
  }

  disconnectedCallback() {
    this.stop?.abort();
  }

  listen() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.form.addEventListener("input", (event) => this.onInput(event), { signal });
    this.form.addEventListener("change", () => this.keeper.touch(), { signal });
    this.form.addEventListener("submit", (event) => this.onSubmit(event), { signal, capture: true });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
    for (const name of RETRY_ON_RETURN) window.addEventListener(name, () => this.keeper.retry(), { signal });
    document.addEventListener("signed-in", () => this.keeper.retry(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.keeper.flush(), { signal });
    window.addEventListener("beforeunload", (event) => this.onLeave(event), { signal });
  }

  /** The form as the server sent it, whatever was typed since. */
  rendered() {
    const copy = this.form.cloneNode(true);
    copy.reset();
    return bodyOf(copy);
  }

  async send(body, version) {
    const answer = await fetch(this.dataset.url, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "application/json", "HX-Request": "true", "If-Match": `"${version}"`, "X-CSRFToken": csrfToken() },
      keepalive: body.length < 60_000,
    });
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    return { status: answer.status, redirected: answer.redirected, body: isJson ? await answer.json() : {} };
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

  /** A button was pressed: whatever is on its way arrives first, then the form goes with the version it was typed over. */
  async onSubmit(event) {
    if (this.isLeaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    // Not before this event is over: until then the browser ignores a second submit of the form.
    await new Promise((resolve) => setTimeout(resolve));
    await this.keeper.leave();
    this.form.elements.version.value = this.keeper.version;
    this.form.elements.csrfmiddlewaretoken.value = csrfToken();
    this.isLeaving = true;
    this.form.requestSubmit(submitter);
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
    const line = document.getElementById("save-state");
    line.dataset.state = state;
    const words = { saved: `${this.dataset.saved} ${detail.saved ?? ""}`, dirty: this.dataset.dirty, saving: this.dataset.saving };
    const others = { invalid: this.dataset.invalid, conflict: this.dataset.conflict, refused: this.dataset.refused };
    const text = words[state] ?? others[state] ?? (state === "offline" ? this.dataset.offline : this.dataset.signedOut);
    if (!(state === "saved" && !detail.saved)) line.querySelector("span").textContent = text.replace(/:$/, "");
    if ((state === "saved" || state === "dirty") && !this.isOffering) this.say();
    if (detail.missing) this.tellWhatIsMissing(detail.missing);
    if (state === "invalid") this.say(`${this.dataset.invalid} ${Object.values(detail.errors).join(" ")}`);
    if (state === "refused") this.say(`${this.dataset.refused} ${detail.message ?? ""}`);
    if (state === "signed-out") this.askToSignIn();
    if (state === "conflict") this.showConflict(detail);
  }

  tellWhatIsMissing(codes) {
    const line = this.querySelector("[data-lacks]");
    line.hidden = codes.length === 0;
    for (const lack of line.querySelectorAll("[data-lack]")) lack.hidden = !codes.includes(lack.dataset.lack);
  }

  say(text = "", ...parts) {
    this.notice.replaceChildren();
    this.notice.hidden = !text;
    if (!text) return;
    const line = document.createElement("p");
    line.textContent = text;
    this.notice.append(line, ...parts);
  }

  askToSignIn() {
    const link = document.createElement("a");
    link.href = `${this.dataset.signIn}?next=${encodeURIComponent(window.location.pathname)}`;
    link.target = "_blank";
    link.rel = "opener";
    link.textContent = this.dataset.signedOutAction;
    this.say(this.dataset.signedOut, link, this.button(this.dataset.again, () => this.keeper.retry()));
  }

  showConflict(detail) {
    const { theirs = {}, version } = detail.details ?? {};
    const text = document.createElement("pre");
    text.textContent = Object.values(theirs).join("\n\n");
    const go = this.button(this.dataset.again, () => this.keeper.resolve(version));
    this.say(this.dataset.conflict, ...(text.textContent ? [text] : []), go);
  }

  /** What an earlier visit to this page left on the device. */
  offer(kept) {
    this.isOffering = true; // until somebody decides, whatever is typed meanwhile
    const found = differences(this.keeper.acknowledged, kept.body);
    const text = document.createElement("pre");
    text.textContent = found.map(([, , now]) => now).filter(Boolean).join("\n\n");
    const back = this.button(this.dataset.foundAction, () => this.putBack(found));
    const drop = this.button(this.dataset.foundDiscard, () => {
      this.isOffering = false;
      this.store.remove();
      this.say();
    });
    this.say(this.dataset.found, ...(text.textContent ? [text] : []), back, drop);
  }

  putBack(found) {
    for (const [name, , now] of found) {
      const control = this.form.elements[name];
      if (!control) continue;
      if (control instanceof RadioNodeList) control.value = now;
      else if (control.type === "checkbox") control.checked = now !== "";
      else control.value = now;
    }
    this.isOffering = false;
    this.say();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.size = "small";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }
}

customElements.define("note-editor", NoteEditor);
