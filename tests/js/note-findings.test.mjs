import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { changeKind, errorBand, fits, legDifference } from "../../treatments/static/treatments/js/note-math.js";
import {
  discRadius, lyingIn, readSpot, regionAt, sideOf, writeSpot,
} from "../../treatments/static/treatments/js/trigger-points-math.js";
import * as geometry from "../../intake/static/intake/js/body-map-geometry.js";

const { views } = JSON.parse(readFileSync(new URL("../../intake/data/body_map/views.json", import.meta.url)));

test("a change is real only beyond the error of measurement, as at the server", () => {
  assert.equal(changeKind(7, "9.7", "9.7"), "within");
  assert.equal(changeKind(-10, "9.7", "9.7"), "beyond");
  assert.equal(changeKind(13, "8.6", "13"), "unclear");
  assert.equal(changeKind(40, undefined, undefined), "unknown");
});

test("flags are read as the knowledge writes them", () => {
  assert.ok(fits("<=115", 115) && !fits("<=115", 116));
  assert.ok(fits("<15", 14) && !fits("<15", 15));
  assert.ok(fits("30-70 with familiar leg pain", 30) && !fits("30-70 with familiar leg pain", 71));
  assert.ok(!fits("sometimes", 5));
});

test("the error lies round the last value and stays on the bar", () => {
  assert.deepEqual(errorBand("60", "12", "120"), { low: 38.4, width: 19.2 });
  assert.deepEqual(errorBand("118", "12", "120"), { low: 84.8, width: 11.2 });
  assert.equal(errorBand("", "12", "120"), null);
});

test("legs are compared once both are measured", () => {
  assert.equal(legDifference("880", "872"), 8);
  assert.equal(legDifference("880", ""), null);
});

test("a spot survives being written and read; nonsense is none", () => {
  const spot = { view: "back", x: 560, y: 900, to: { x: 570, y: 1200 } };
  assert.deepEqual(readSpot(writeSpot(spot)), spot);
  assert.equal(writeSpot(null), "");
  for (const text of ["", "{", "7", "null", '{"view":1}', '{"view":"back","x":"1","y":2}']) assert.equal(readSpot(text), null);
});

test("the middle of every region is found in that region", () => {
  for (const { regions } of Object.values(views)) {
    const shapes = Object.entries(regions);
    for (const [key, path] of shapes) assert.equal(regionAt(shapes, geometry.shapeOf(path).anchor, geometry), key);
    assert.equal(regionAt(shapes, { x: -50, y: -50 }, geometry), "");
  }
});

test("the side is that of the place, and what lies there stands first", () => {
  assert.deepEqual(["groin.left", "groin.right", "sacrum"].map(sideOf), ["left", "right", "none"]);
  const liesIn = { iliopsoas: ["groin"], piriformis: ["buttock-lower"], adductors: ["groin"] };
  assert.deepEqual(lyingIn("groin.left", ["adductors", "piriformis", "iliopsoas"], liesIn), ["adductors", "iliopsoas"]);
  assert.deepEqual(lyingIn("", ["adductors"], liesIn), []);
});

test("a point is as large on the screen whatever is cut out", () => {
  assert.equal(discRadius({ width: 400, height: 400 }, { width: 200, height: 400 }, 10), 20);
});
