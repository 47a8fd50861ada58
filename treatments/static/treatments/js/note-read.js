/** A signed note is on the server for good. What a page of it left on this device goes there too, to be kept beside it. */
import { sendKept } from "./note-sending.js";
import { NoteStore, databaseShelf, newDevice, openDevices } from "./note-store.js";


for (const sheet of document.querySelectorAll("[data-signed-note]")) {
  const { signedNote: note, user, url } = sheet.dataset;
  localStorage.removeItem(`palpate-timer-${note}`);
  const store = new NoteStore({ note, user, device: newDevice(), shelf: databaseShelf(), alive: openDevices });
  const sent = await Promise.all((await store.abandoned()).map(async ([key, kept]) => {
    const answer = await sendKept(url, kept);
    if (answer.hasArrived) store.drop(key);
    return answer.details.is_set_aside === true;
  }));
  if (sent.includes(true)) window.location.reload(); // the page says what is kept beside it
}
