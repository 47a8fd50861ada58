/** Where this device keeps a note's text until the server has it. */
export function noteStore(note, storage = window.localStorage) {
  const key = `palpate-note-${note}`;
  return {
    get: () => JSON.parse(storage.getItem(key) ?? "null"),
    set: (value) => storage.setItem(key, JSON.stringify(value)),
    remove: () => storage.removeItem(key),
  };
}
