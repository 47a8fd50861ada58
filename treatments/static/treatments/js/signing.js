/**
 * Signing on top of the note's page. The same page opens by itself without this script; what it shows and asks is the
 * server's either way.
 */
import { showDialog } from "../../ui/js/dialogs.js";

const FROM_SCRIPT = { "X-Requested-With": "XMLHttpRequest" };
const DONE_BY_BUTTON = ["episode-condition", "dose-exercise"];

/** The signing page in an answer, or null when the answer is something else: what stands in the way is shown as a page. */
async function signingIn(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-signing]");
}

/** Saves everything as the button would, and shows what is about to be signed. False when the page has to be left. */
export async function askToSign(editor) {
  const { form, keeper } = editor;
  const sent = keeper.read();
  const body = new URLSearchParams([...new FormData(form, editor.sign)].filter(([, value]) => typeof value === "string"));
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: FROM_SCRIPT });
    const page = answer.ok ? await signingIn(answer) : null;
    if (!page) return false;
    keeper.accept({ body: sent }, { version: Number(page.dataset.version) });
    new Signing(editor, page, DONE_BY_BUTTON.some((name) => body.get(name)));
    return true;
  } catch {
    return false;
  }
}

class Signing {
  constructor(editor, page, isPageOld) {
    this.editor = editor;
    this.isPageOld = isPageOld;
    this.isOver = false;
    this.dialog = showDialog(page, { onClose: () => this.onClose() });
    this.dialog.addEventListener("submit", (event) => this.onSubmit(event));
    this.dialog.addEventListener("click", (event) => this.onClick(event));
    this.focus();
  }

  focus() {
    this.dialog.querySelector("[autofocus]")?.focus();
  }

  async onSubmit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    const { target: form, submitter } = event;
    const body = new URLSearchParams(new FormData(form, submitter));
    try {
      const answer = await fetch(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), { method: "POST", body, headers: FROM_SCRIPT, redirect: "manual" });
      if (answer.type !== "opaqueredirect") this.show(await signingIn(answer));
      else if (submitter?.name === "keep") {
        this.isPageOld = true; // its mark still stands there
        this.show(await signingIn(await fetch(form.getAttribute("action"), { headers: FROM_SCRIPT })));
      } else this.leave(form.dataset.done);
    } catch {
      form.querySelector("[data-offline]").hidden = false;
    } finally {
      this.isBusy = false;
    }
  }

  show(page) {
    if (!page) {
      this.leave(window.location.href);
      return;
    }
    this.dialog.querySelector(".signing").replaceWith(document.importNode(page.querySelector(".signing"), true));
    this.editor.keeper.version = Number(page.dataset.version);
    this.focus();
  }

  onClick(event) {
    const link = event.target.closest("a[data-lack]");
    if (!link) return;
    event.preventDefault();
    const place = document.getElementById(link.dataset.lack);
    this.dialog.close();
    place?.scrollIntoView({ block: "center" });
    (place?.matches("input, select, textarea") ? place : place?.querySelector("input, select, textarea"))?.focus();
  }

  leave(address) {
    this.isOver = true;
    this.editor.isLeaving = true;
    this.editor.seen.leaves(this.editor.dataset.note);
    this.editor.store.remove();
    window.location.assign(address);
  }

  onClose() {
    if (this.isOver) return;
    if (this.isPageOld) this.leave(window.location.href);
    else this.editor.sign.focus();
  }
}
