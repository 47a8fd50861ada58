/**
 * <note-files>: files are sent one by one as soon as they are chosen or dropped, with their progress; what does not
 * arrive stays in the list with a button. Captions and removals are sent in place too. The note beside it is not touched.
 * Without this script each form is sent by its own button.
 */
import { csrfToken } from "../../ui/js/page.js";

const LARGEST = 10 * 1024 * 1024;

class NoteFiles extends HTMLElement {
  connectedCallback() {
    this.queue ??= [];
    this.addEventListener("change", this);
    this.addEventListener("submit", this);
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) this.addEventListener(name, this);
    document.addEventListener("signed-in", this);
  }

  disconnectedCallback() {
    document.removeEventListener("signed-in", this);
  }

  handleEvent(event) {
    if (event.type === "signed-in") return void this.sendAll();
    if (event.type === "submit") return void this.onSubmit(event);
    if (event.type === "change") return void this.onChange(event.target);
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const zone = this.querySelector("[data-add]");
    zone.toggleAttribute("data-over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.add(event.dataTransfer.files);
  }

  onChange(input) {
    if (input.type === "file") this.take(input);
    else if (input.name === "caption") this.keep(input);
  }

  /** A caption is kept when its box is left, even to leave the page. */
  async keep(input) {
    const { form } = input;
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    const sent = { method: "POST", body: new FormData(form), headers, keepalive: true };
    const answer = await fetch(form.action, sent).catch(() => null);
    input.toggleAttribute("aria-invalid", !answer?.ok);
    if (answer?.ok) input.defaultValue = sent.body.get("caption");
  }

  take(input) {
    this.add(input.files);
    input.value = "";
  }

  add(files) {
    for (const file of files) {
      const job = { file, line: this.line(file) };
      if (file.size > LARGEST) this.fail(job, this.dataset.large, false);
      else this.queue.push(job);
    }
    this.sendAll();
  }

  line(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `${this.dataset.sending} ${file.name}`;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(name, bar);
    this.querySelector("[data-sending-list]").append(line);
    return line;
  }

  async sendAll() {
    if (this.isSending) return;
    this.isSending = true;
    while (this.queue.length) {
      const job = this.queue[0];
      const answer = await this.send(job);
      if (answer.status === 200 || answer.status === 422) {
        this.queue.shift();
        this.replace(answer.responseText);
        const refused = this.querySelector(":scope > .alert");
        if (refused) this.fail(job, refused.textContent.trim(), false);
        else job.line.remove();
        refused?.remove(); // it stands beside the file's name
      } else {
        this.fail(job, answer.status === 401 ? this.dataset.signedOut : this.reason(answer), true);
        break; // the others wait for the same
      }
    }
    this.isSending = false;
  }

  reason(answer) {
    return answer.status ? `${answer.status}` : this.dataset.offline;
  }

  send(job) {
    const request = new XMLHttpRequest(); // fetch tells nothing of how far it is
    const body = new FormData();
    body.append("files", job.file);
    request.open("POST", this.dataset.url);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    const bar = job.line.querySelector("progress");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
    return new Promise((resolve) => {
      request.addEventListener("loadend", () => resolve(request));
      request.send(body);
    });
  }

  fail(job, why, canRetry) {
    job.line.dataset.failed = "";
    job.line.querySelector("span").textContent = `${this.dataset.failed} ${job.file.name}. ${why.replace(/^[^:]*: /, "")}`;
    job.line.querySelector("progress")?.remove();
    job.line.querySelector("button")?.remove();
    if (!canRetry) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button";
    again.dataset.size = "small";
    again.textContent = this.dataset.again;
    again.addEventListener("click", () => this.again(job));
    job.line.append(again);
  }

  again(job) {
    const line = this.line(job.file);
    job.line.replaceWith(line);
    job.line = line;
    this.sendAll();
  }

  async onSubmit(event) {
    event.preventDefault();
    const form = event.target;
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
    if (answer && (answer.ok || answer.status === 422)) this.replace(await answer.text());
    else form.querySelector("button").setAttribute("aria-invalid", "true");
  }

  /** The list as the server has it now; what still waits to be sent, and captions being typed, stay as they are. */
  replace(html) {
    const typed = new Map();
    for (const field of this.querySelectorAll("input[name=caption]")) {
      if (field.value !== field.defaultValue) typed.set(field.form.action, field.value);
    }
    const waiting = [...this.querySelector("[data-sending-list]").children];
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("note-files");
    this.replaceChildren(...fresh.childNodes);
    this.querySelector("[data-sending-list]").append(...waiting);
    for (const field of this.querySelectorAll("input[name=caption]")) field.value = typed.get(field.form.action) ?? field.value;
    document.dispatchEvent(new CustomEvent("note-files-changed"));
  }
}

customElements.define("note-files", NoteFiles);
