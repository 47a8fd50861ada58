import assert from "node:assert/strict";
import test from "node:test";
import {
  clockOf,
  columnAt,
  droppedAt,
  filled,
  movedBy,
  scrollSpeed,
  snap,
  stepped,
  stretchedBy,
  stretchedTo,
  verdict,
} from "../../scheduling/static/scheduling/js/calendar-places.js";

const day = { perMinute: 2, opens: 480, closes: 1080, step: 15 };

test("a minute is a clock", () => {
  assert.equal(clockOf(545), "09:05");
  assert.equal(clockOf(0), "00:00");
});

test("a dropped card begins on the step nearest to its upper edge, whichever part of it was gripped", () => {
  assert.equal(droppedAt({ ...day, y: 130, grip: 10, length: 45 }), 540);
  assert.equal(droppedAt({ ...day, y: 134, grip: 0, length: 45 }), 540);
  assert.equal(droppedAt({ ...day, y: 136, grip: 0, length: 45 }), 555);
});

test("a card stays on the drawn day, and on the step also at its end", () => {
  assert.equal(droppedAt({ ...day, y: -500, grip: 0, length: 45 }), 480);
  assert.equal(droppedAt({ ...day, y: 5000, grip: 0, length: 50 }), 1020);
});

test("a stretched card ends on the step, lasts five minutes at least and eight hours at most", () => {
  assert.equal(stretchedTo({ ...day, y: 200, start: 540 }), 585);
  assert.equal(stretchedTo({ ...day, y: 0, start: 540 }), 555);
  assert.equal(stretchedTo({ ...day, y: 5000, start: 480, closes: 1440 }), 960);
  assert.equal(stretchedTo({ ...day, y: 5000, start: 900 }), 1080);
});

test("an arrow leads to the next step, also from a minute beside it", () => {
  assert.equal(stepped(545, 15, 1), 555);
  assert.equal(stepped(545, 15, -1), 540);
  assert.equal(stepped(540, 15, -1), 525);
  assert.deepEqual(movedBy({ start: 480, length: 45, column: 0 }, "ArrowUp", { ...day, columns: 3 }), { column: 0, start: 480 });
  assert.deepEqual(movedBy({ start: 480, length: 45, column: 2 }, "ArrowRight", { ...day, columns: 3 }), { column: 2, start: 480 });
  assert.deepEqual(movedBy({ start: 485, length: 45, column: 1 }, "ArrowLeft", { ...day, columns: 3 }), { column: 0, start: 485 });
  assert.equal(stretchedBy({ start: 540, end: 545 }, "ArrowUp", day), 545);
  assert.equal(stretchedBy({ start: 540, end: 590 }, "ArrowDown", day), 600);
});

test("the column under the pointer is the last one that begins before it", () => {
  assert.equal(columnAt([52, 200, 400], 10), 0);
  assert.equal(columnAt([52, 200, 400], 399), 1);
  assert.equal(columnAt([52, 200, 400], 4000), 2);
});

test("a place is taken where somebody is, buffer included, and free where they only touch", () => {
  const others = [{ start: 600, end: 645, kind: "taken" }, { start: 720, end: 780, kind: "off" }];
  assert.equal(verdict({ start: 555, end: 600 }, others), "");
  assert.equal(verdict({ start: 555, end: 600, buffer: 5 }, others), "taken");
  assert.equal(verdict({ start: 645, end: 720, buffer: 5 }, others), "");
  assert.equal(verdict({ start: 645, end: 721 }, others), "off");
  assert.equal(verdict({ start: 640, end: 730 }, others), "off");
  assert.equal(verdict({ start: 555, end: 600, isOver: true }, others), "over");
});

test("the nearer the edge, the faster it scrolls", () => {
  assert.equal(scrollSpeed(60), 0);
  assert.ok(scrollSpeed(40) < scrollSpeed(5));
  assert.equal(scrollSpeed(-100), scrollSpeed(0));
});

test("words are filled in, and what is not known is left to be seen", () => {
  assert.equal(filled("{name}: {time} {else}", { name: "Ewa", time: "09:05" }), "Ewa: 09:05 {else}");
  assert.equal(snap(544, 15), 540);
});
