/**
 * Where this device keeps a note's text until the server has it: one entry for each open page of it, for its user alone.
 * What a page that is gone left behind is found by the next one. When the browser's own shelf is full or closed, a
 * database takes the entry; when there is neither, memory does, and `isSafe` says that it will not outlive the page.
 */
const PREFIX = "palpate-note:";
const LONGEST_MS = 30 * 24 * 60 * 60 * 1000;

function quietly(act) {
  try {
    return act() ?? null;
  } catch {
    return null;
  }
}

const parsed = (text) => quietly(() => JSON.parse(text));

/** The entries of a storage whose key begins with `start`: [key, entry]. */
function entriesOf(storage, start) {
  const keys = quietly(() => Array.from({ length: storage.length }, (_, index) => storage.key(index))) ?? [];
  return keys.filter((key) => key?.startsWith(start)).map((key) => [key, parsed(quietly(() => storage.getItem(key)))]);
}

export class NoteStore {
  /**
   * @param {{note: string, user: string, device: string, storage?: Storage, shelf?: object|null,
   *   alive?: () => Promise<Set<string>>, now?: () => number}} parts
   */
  constructor({ note, user, device, storage, shelf = null, alive = async () => new Set(), now = () => Date.now() }) {
    Object.assign(this, { note, user, device, shelf, alive, now });
    this.storage = storage ?? quietly(() => globalThis.localStorage);
    this.key = `${PREFIX}${note}:${device}`;
    this.isSafe = true;
    this.isOnShelf = false;
    this.held = null;
  }

  set(value) {
    this.held = { ...value, user: this.user, device: this.device };
    try {
      this.storage.setItem(this.key, JSON.stringify(this.held));
      this.isSafe = true;
    } catch {
      this.isOnShelf = Boolean(this.shelf);
      this.isSafe = this.isOnShelf;
      this.shelf?.put(this.key, this.held).catch(() => {
        this.isSafe = false;
      });
    }
  }

  get() {
    return this.held;
  }

  remove() {
    this.held = null;
    this.drop(this.key);
  }

  drop(key) {
    quietly(() => this.storage.removeItem(key));
    if (this.isOnShelf || key !== this.key) this.shelf?.delete(key).catch(() => {});
  }

  /** What pages of this note that are gone kept for this user, the oldest first. What is a month old goes. */
  async abandoned() {
    const [alive, shelved] = await Promise.all([this.alive(), this.shelf?.all(PREFIX).catch(() => []) ?? []]);
    const found = new Map([...shelved, ...entriesOf(this.storage, PREFIX)]);
    const mine = [];
    for (const [key, entry] of found) {
      if (!entry || this.now() - entry.at > LONGEST_MS) this.drop(key);
      else if (key.startsWith(`${PREFIX}${this.note}:`) && this.isMine(entry)) mine.push([key, entry]);
    }
    this.hasNeighbours = mine.some(([, entry]) => alive.has(entry.device)); // or pages that are just going
    const gone = mine.filter(([, entry]) => !alive.has(entry.device));
    return gone.sort(([, one], [, other]) => one.at - other.at);
  }

  isMine(entry) {
    const isText = typeof entry.body === "string" && typeof entry.base === "string";
    return isText && entry.user === this.user && entry.device !== this.device;
  }
}

/** A name for this open page, and a lock that lives as long as it does. */
export function newDevice() {
  const device = globalThis.crypto?.randomUUID?.() ?? `page-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  globalThis.navigator?.locks?.request(PREFIX + device, () => new Promise(() => {})).catch(() => {});
  return device;
}

/** The pages that are open in this browser. */
export async function openDevices() {
  const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
  return new Set(held.map((lock) => lock.name.replace(PREFIX, "")));
}

/** A database of the browser, for when its simpler shelf refuses. Each act is one transaction. */
export function databaseShelf(factory = quietly(() => globalThis.indexedDB)) {
  if (!factory) return null;
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const opened = () => {
    const request = factory.open("palpate-notes", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("notes");
    return settled(request);
  };
  const run = async (mode, act) => {
    const database = await opened();
    try {
      return await settled(act(database.transaction("notes", mode, { durability: "strict" }).objectStore("notes")));
    } finally {
      database.close();
    }
  };
  return {
    put: (key, value) => run("readwrite", (notes) => notes.put(JSON.stringify(value), key)),
    delete: (key) => run("readwrite", (notes) => notes.delete(key)),
    all: async (start) => {
      const keys = (await run("readonly", (notes) => notes.getAllKeys())).filter((key) => key.startsWith(start));
      return Promise.all(keys.map(async (key) => [key, parsed(await run("readonly", (notes) => notes.get(key)))]));
    },
  };
}
