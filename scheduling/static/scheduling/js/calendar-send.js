/** Tells the server what was done to a card, and shows what it says to that. */
import { csrfToken, strings } from "../../ui/js/page.js";
import { showDialog } from "../../ui/js/dialogs.js";
import { askToSignIn } from "../../ui/js/signed-out.js";
import { toast } from "../../ui/js/toasts.js";

/** @returns {Promise<"done" | "refused" | "failed">} */
export async function send(url, values, { onDone, onRefused } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  body.set("csrfmiddlewaretoken", csrfToken());
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest" } });
  } catch {
    toast({ text: strings().offline });
    return "failed";
  }
  if (response.status === 401) {
    askToSignIn();
    return "failed";
  }
  if (response.ok) {
    const said = await response.json();
    toast({ text: said.text, undo: said.undo });
    onDone?.();
    return "done";
  }
  explain(await response.text(), { onDone, onRefused });
  return "refused";
}

/** What the server refused, in its own words, with the ways out it offers. */
function explain(text, { onDone, onRefused }) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const body = page.querySelector("[data-dialog-body]");
  if (!body) {
    toast({ text: page.querySelector("[data-error-message], .error-page p, main p")?.textContent.trim() || strings().failed });
    onRefused?.();
    return;
  }
  const dialog = showDialog(body, { onClose: onRefused });
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form, event.submitter));
    dialog.close();
    send(form.action, values, { onDone, onRefused });
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close-dialog]")) return;
    event.preventDefault();
    dialog.close();
  });
}
