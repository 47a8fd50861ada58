import assert from "node:assert/strict";
import test from "node:test";
import { cardTowards, minutesOf, wallClock } from "../../scheduling/static/scheduling/js/calendar-clock.js";

const cards = [
  { column: 0, at: 480 },
  { column: 0, at: 600 },
  { column: 2, at: 500 },
  { column: 2, at: 660 },
];

test("the line follows the clock of the location, not of the browser", () => {
  const instant = new Date("2026-06-01T22:30:00Z");
  assert.equal(wallClock(instant, "Europe/Berlin"), "00:30");
  assert.equal(wallClock(instant, "America/New_York"), "18:30");
  assert.equal(wallClock(instant, "Asia/Kathmandu"), "04:15");
});

test("a time is minutes since midnight", () => {
  assert.equal(minutesOf("09:05"), 545);
});

test("the first arrow goes to the first card", () => {
  assert.equal(cardTowards(cards, -1, "ArrowDown"), 0);
  assert.equal(cardTowards([], -1, "ArrowDown"), -1);
});

test("up and down stay in the column and stop at its ends", () => {
  assert.equal(cardTowards(cards, 0, "ArrowDown"), 1);
  assert.equal(cardTowards(cards, 1, "ArrowDown"), 1);
  assert.equal(cardTowards(cards, 0, "ArrowUp"), 0);
});

test("sideways goes to the card nearest in time and skips empty columns", () => {
  assert.equal(cardTowards(cards, 1, "ArrowRight"), 3);
  assert.equal(cardTowards(cards, 2, "ArrowLeft"), 0);
  assert.equal(cardTowards(cards, 2, "ArrowRight"), 2);
});
