/** A signed note is on the server for good: nothing of it stays on this device. */
import { noteStore } from "./note-store.js";

for (const note of document.querySelectorAll("[data-signed-note]")) noteStore(note.dataset.signedNote).remove();
