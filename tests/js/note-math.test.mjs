import assert from "node:assert/strict";
import { test } from "node:test";

import { barWidth, delta, nextIndex, painStep, stepped, total } from "../../treatments/static/treatments/js/note-math.js";

test("a change in degrees carries its sign", () => {
  assert.equal(delta("112", "105"), "+7");
  assert.equal(delta("98", "105"), "−7");
  assert.equal(delta("40", "40"), "±0");
  assert.equal(delta("", "40"), "");
  assert.equal(delta("x", "40"), "");
});

test("a bar never runs out of its normal", () => {
  assert.equal(barWidth("60", "120"), 48);
  assert.equal(barWidth("140", "120"), 96);
  assert.equal(barWidth("-10", "30"), 0);
  assert.equal(barWidth("10", ""), 0);
});

test("minutes add up over the rows that have some", () => {
  assert.equal(total(["6", "", "8", "x", "-5"]), 14);
});

test("a stepper keeps between its ends", () => {
  assert.equal(stepped("6", 1), 7);
  assert.equal(stepped("1", -1), 1);
  assert.equal(stepped("240", 1), 240);
  assert.equal(stepped("", 1), 5);
  assert.equal(stepped("", -1), null);
});

test("pain has eleven steps", () => {
  assert.equal(painStep("0"), 0);
  assert.equal(painStep("10"), 10);
  assert.equal(painStep("11"), null);
  assert.equal(painStep(""), null);
});

test("a new row never takes the number of another", () => {
  assert.equal(nextIndex(["points-0-code", "points-4-side", "tests-9-code"], "points", 3), 5);
  assert.equal(nextIndex([], "points", 2), 2);
});
