/** Finding techniques by beginnings, timers, snippets: the parts without a page. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { bestOf, fit, pairs, parsed } from "../../treatments/static/treatments/js/quick-match.js";
import { face, minutesOf, readTimer, rowOf } from "../../treatments/static/treatments/js/timer-math.js";
import { exact, expanded, filled, matching, typedWord } from "../../treatments/static/treatments/js/snippet-text.js";

const as = (labels) => labels.map((label) => ({ value: label, label }));
const TECHNIQUES = as(["Massage therapy (general)", "Trigger point therapy", "Strength training", "Gentle iliopsoas work"]);
const STRUCTURES = as(["Gluteus maximus", "Gluteus minimus", "Gluteus minimus, anterior fibres", "Piriformis"]);
const told = (text) => pairs(text, TECHNIQUES, STRUCTURES).map((p) => [p.technique.label, p.structure?.label ?? "", p.minutes, p.side]);

test("beginnings of words find a technique and its structure", () => {
  assert.deepEqual(told("tr gl mi")[0], ["Trigger point therapy", "Gluteus minimus", null, ""]);
  assert.deepEqual(told("tr p pir 6 l")[0], ["Trigger point therapy", "Piriformis", 6, "left"]);
  assert.deepEqual(told("mas")[0], ["Massage therapy (general)", "", null, ""]);
  assert.deepEqual(told("xx"), []);
  assert.deepEqual(told(""), []);
  assert.equal(fit(["gl", "gl"], "Gluteus minimus"), 0);
});

test("letters in a list choose the first that fits best", () => {
  const labels = ["", "Gluteus maximus", "Gluteus minimus", "Gluteus minimus, anterior fibres", "Left", "Right"];
  assert.equal(bestOf(labels, "gl mi"), 2);
  assert.equal(bestOf(labels, "r"), 5);
  assert.equal(bestOf(labels, "gl  "), 1);
  assert.equal(bestOf(labels, "zz"), -1);
  assert.equal(bestOf(labels, " "), -1);
});

test("a number at the end is minutes only when it can be", () => {
  assert.deepEqual(parsed("tr 900"), { parts: ["tr", "900"], minutes: null, side: "" });
  assert.deepEqual(parsed("6"), { parts: ["6"], minutes: null, side: "" });
  assert.deepEqual(parsed("tr r 12"), { parts: ["tr"], minutes: 12, side: "right" });
});

test("a timer writes whole minutes, at least one, and survives a clock that was put back", () => {
  const timer = { name: "techniques-0-technique", technique: "a", since: 1_000_000, base: 4 };
  assert.equal(minutesOf(timer, 1_000_000 + 89_000), 5);
  assert.equal(minutesOf({ ...timer, base: 0 }, 1_000_000 + 5_000), 1);
  assert.equal(minutesOf(timer, 0), 4);
  assert.equal(minutesOf({ ...timer, base: 239 }, 1_000_000 + 600_000), 240);
  assert.equal(face(timer, 1_000_000 + 65_000), "5:05");
});

test("after a reload a timer finds its row, and none when it cannot be told", () => {
  const timer = { name: "techniques-1-technique", technique: "a", since: 0, base: 0 };
  const row = (n, technique) => ({ name: `techniques-${n}-technique`, technique });
  assert.equal(rowOf(timer, [row(0, "a"), row(1, "a")]).name, "techniques-1-technique");
  assert.equal(rowOf(timer, [row(0, "a"), row(1, "b")]).name, "techniques-0-technique");
  assert.equal(rowOf(timer, [row(0, "a"), row(2, "a")]), null);
  assert.equal(readTimer("nonsense", 0), null);
  assert.equal(readTimer(JSON.stringify(timer), 7 * 3600 * 1000), null);
  assert.deepEqual(readTimer(JSON.stringify(timer), 1000), timer);
});

test("a short word counts after a space, and not inside a word", () => {
  assert.deepEqual(typedWord("So ;lb", 6), { start: 3, word: "lb" });
  assert.deepEqual(typedWord(";", 1), { start: 0, word: "" });
  assert.equal(typedWord("a;b", 3), null);
  assert.equal(typedWord(";lbp more", 9), null);
});

test("one's own snippet hides everybody's of the same word", () => {
  const all = [
    { shortcut: "hip", title: "Mine", own: true },
    { shortcut: "hip", title: "Ours", own: false },
    { shortcut: "sit", title: "Hip when sitting", own: false },
  ];
  assert.equal(exact(all, "HIP").title, "Mine");
  assert.equal(exact(all, "hi"), null);
  assert.deepEqual(matching(all, "hip").map((s) => s.title), ["Mine", "Ours", "Hip when sitting"]);
});

test("placeholders are filled in, gaps show, and the caret goes where one writes on", () => {
  const values = { side: "right", pain: "3", pain_before: "" };
  assert.deepEqual(filled("{side}: {pain}/10. |End", values), { text: "right: 3/10. End", caret: 13, selected: 0 });
  assert.deepEqual(filled("before {pain_before}", values), { text: "before …", caret: 7, selected: 1 });
  assert.equal(filled("{nobody} {7*7}", values).text, "{nobody} {7*7}");
  const done = expanded("So ;hip end", { start: 3, end: 7 }, { text: "{side} hip" }, values);
  assert.deepEqual(done, { text: "So right hip end", from: 12, to: 12 });
  const spaced = expanded(";hip", { start: 0, end: 4, isSpaced: true }, { text: "{side} hip" }, values);
  assert.deepEqual(spaced, { text: "right hip ", from: 10, to: 10 });
});
