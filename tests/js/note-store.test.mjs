import assert from "node:assert/strict";
import { test } from "node:test";

import { SeenVersions } from "../../treatments/static/treatments/js/note-seen.js";
import { NoteStore } from "../../treatments/static/treatments/js/note-store.js";

const DAY = 24 * 60 * 60 * 1000;

function storage({ isFull = false } = {}) {
  const held = new Map();
  return {
    held,
    get length() {
      return held.size;
    },
    key: (index) => [...held.keys()][index],
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => {
      if (isFull) throw new Error("QuotaExceededError");
      held.set(key, value);
    },
    removeItem: (key) => held.delete(key),
  };
}

function shelf() {
  const held = new Map();
  return {
    held,
    put: async (key, value) => held.set(key, value),
    delete: async (key) => held.delete(key),
    all: async (start) => [...held].filter(([key]) => key.startsWith(start)),
  };
}

const page = (parts) => new NoteStore({ note: "n", user: "marcus", device: "one", storage: storage(), now: () => 40 * DAY, ...parts });
const text = { body: "plan=Walk", base: "plan=", version: 3, at: 40 * DAY };

test("what a page left behind is found by the next page of the same note and user, and by nobody else", async () => {
  const shared = storage();
  page({ storage: shared }).set(text);
  const found = async (parts) => (await page({ storage: shared, device: "two", ...parts }).abandoned()).map(([, kept]) => kept.body);
  assert.deepEqual(await found({}), ["plan=Walk"]);
  assert.deepEqual(await found({ user: "nora" }), []);
  assert.deepEqual(await found({ note: "other" }), []);
  assert.deepEqual(await found({ alive: async () => new Set(["one"]) }), [], "that page is still open");
  assert.equal(shared.held.size, 1);
});

test("nothing stays once the server has it, and nothing stays longer than a month", async () => {
  const shared = storage();
  const first = page({ storage: shared });
  first.set(text);
  first.remove();
  assert.equal(shared.held.size, 0);
  first.set({ ...text, at: DAY });
  assert.deepEqual(await page({ storage: shared, device: "two" }).abandoned(), []);
  assert.equal(shared.held.size, 0);
});

test("when the browser's shelf is full the database takes it, and the next page finds it there", async () => {
  const database = shelf();
  const first = page({ storage: storage({ isFull: true }), shelf: database });
  first.set(text);
  assert.equal(first.isSafe, true);
  const [[key, kept]] = await page({ device: "two", shelf: database }).abandoned();
  assert.equal(kept.body, "plan=Walk");
  page({ device: "two", shelf: database }).drop(key);
  assert.equal(database.held.size, 0);
});

test("a browser that keeps nothing says so, and the page goes on", async () => {
  const first = page({ storage: storage({ isFull: true }) });
  first.set(text);
  assert.equal(first.isSafe, false);
  assert.equal(first.get().body, "plan=Walk");
  assert.deepEqual(await page({ storage: null, device: "two" }).abandoned(), []);
});

test("a damaged entry is thrown away and breaks nothing", async () => {
  const shared = storage();
  shared.setItem("palpate-note:n:x", "{nonsense");
  shared.setItem("palpate-note:n:y", JSON.stringify({ user: "marcus", device: "y", body: 7, at: 40 * DAY }));
  assert.deepEqual(await page({ storage: shared }).abandoned(), []);
});

test("a version this device has not seen, a short while old, was written elsewhere", () => {
  const seen = new SeenVersions(storage(), () => 40 * DAY);
  const ago = (minutes) => 40 * DAY - minutes * 60_000;
  assert.equal(seen.elsewhere("n", 5, ago(4)), 4);
  assert.equal(seen.elsewhere("n", 1, ago(4)), null, "just begun");
  assert.equal(seen.elsewhere("n", 5, ago(90)), null);
  seen.saw("n", 5);
  assert.equal(seen.elsewhere("n", 5, ago(4)), null);
  assert.equal(seen.elsewhere("n", 6, ago(0)), 0);
  seen.leaves("n");
  assert.equal(seen.elsewhere("n", 6, ago(0)), null, "its own button");
});
