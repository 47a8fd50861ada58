/** Passkeys: hide what this browser cannot do, and say in words what went wrong. */
import { toast } from "../../ui/js/toasts.js";

const SILENT = ["AbortError", "NotAllowedError"]; // the person closed the browser's own dialog

function sayWhatHappened(event) {
  event.preventDefault();
  const words = document.getElementById("passkey-strings")?.dataset ?? {};
  const { exception } = event.detail;
  if (!SILENT.includes(exception?.name)) toast({ text: words.failed });
}

document.addEventListener("allauth.error", sayWhatHappened);
if (!globalThis.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-needs-passkeys]")) button.hidden = true;
}
