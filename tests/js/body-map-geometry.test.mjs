import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import {
  arrowPath, closerCrop, contains, cropAround, fingerRoom, fit, formatBox, layPins, MAGNIFIED, nearest, outlinesOf,
  parseBox, shapeOf, toPixels,
} from '../../intake/static/intake/js/body-map-geometry.js';

const { views } = JSON.parse(readFileSync(new URL('../../intake/data/body_map/views.json', import.meta.url)));

test('a path is read into outlines of absolute points', () => {
  assert.deepEqual(outlinesOf('M10 20l5-3l0 8zM1 1l2 2z'), [
    [{ x: 10, y: 20 }, { x: 15, y: 17 }, { x: 15, y: 25 }],
    [{ x: 1, y: 1 }, { x: 3, y: 3 }],
  ]);
});

test('the anchor of every region lies inside that region', () => {
  for (const view of Object.values(views)) {
    for (const [key, path] of Object.entries(view.regions)) {
      const { anchor } = shapeOf(path);
      assert.ok(outlinesOf(path).some((outline) => contains(outline, anchor)), key);
    }
  }
});

test('a box survives being written and read', () => {
  assert.deepEqual(parseBox(formatBox({ x: -10, y: 770.4, width: 390, height: 1000 })), {
    x: -10, y: 770, width: 390, height: 1000,
  });
});

test('a crop is centred in its frame', () => {
  const placed = fit({ x: 100, y: 0, width: 200, height: 400 }, { width: 400, height: 400 });
  assert.equal(placed.scale, 1);
  assert.deepEqual(toPixels({ x: 200, y: 200 }, placed), { x: 200, y: 200 });
});

test('a magnified crop stays inside the view', () => {
  const whole = { x: 0, y: 0, width: 1242, height: 1944 };
  const crop = cropAround({ x: 20, y: 1930 }, 440, { width: 320, height: 420 }, whole);
  assert.equal(crop.x, 0);
  assert.equal(Math.round(crop.y + crop.height), 1944);
});

test('every region can be brought to a finger of 44 pixels in some view at 320 pixels', () => {
  const frame = { width: 288, height: 400 };
  const room = new Map();
  for (const view of Object.values(views)) {
    const whole = { x: 0, y: 0, width: view.width, height: view.height };
    for (const [key, path] of Object.entries(view.regions)) {
      const shape = shapeOf(path);
      let crop = whole;
      for (let taps = 0; taps < 3; taps += 1) crop = closerCrop(shape, crop, frame, whole) ?? crop;
      room.set(key, Math.max(room.get(key) ?? 0, fingerRoom(shape.box, fit(crop, frame).scale)));
    }
  }
  assert.deepEqual([...room].filter(([, pixels]) => pixels < 44), []);
});

test('a region large enough for a finger is not magnified', () => {
  const shape = { box: { x: 0, y: 0, width: 300, height: 300 }, anchor: { x: 150, y: 150 } };
  const whole = { x: 0, y: 0, width: 400, height: 400 };
  assert.equal(closerCrop(shape, whole, { width: 400, height: 400 }, whole), null);
});

test('a region that cannot come closer is taken as it is', () => {
  const shape = { box: { x: 0, y: 0, width: 4, height: 4 }, anchor: { x: 2, y: 2 } };
  const whole = { x: 0, y: 0, width: 1242, height: 1944 };
  const frame = { width: 320, height: 400 };
  const closest = cropAround(shape.anchor, MAGNIFIED.at(-1), frame, whole);
  assert.equal(closerCrop(shape, closest, frame, whole), null);
});

test('an arrow key goes to the nearest place in its direction', () => {
  const places = [[0, 0], [10, 0], [100, 0], [12, 60], [0, -40]].map(([x, y]) => ({ anchor: { x, y } }));
  const [middle, right, , below, above] = places;
  assert.equal(nearest(middle, 'ArrowRight', places), right);
  assert.equal(nearest(middle, 'ArrowDown', places), below);
  assert.equal(nearest(middle, 'ArrowUp', places), above);
  assert.equal(nearest(middle, 'ArrowLeft', places), null);
});

test('from any region every other region of the view can be reached with the arrow keys', () => {
  for (const [name, view] of Object.entries(views)) {
    const places = Object.entries(view.regions).map(([key, path]) => ({ key, anchor: shapeOf(path).anchor }));
    const reached = new Set([places[0]]);
    for (const place of reached) {
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
        const next = nearest(place, key, places);
        if (next) reached.add(next);
      }
    }
    assert.deepEqual(places.filter((p) => !reached.has(p)).map((p) => p.key), [], name);
  }
});

test('an arrow starts and ends where it should and bends to the outside', () => {
  const path = arrowPath({ x: 100, y: 0 }, { x: 100, y: 200 }, 500);
  assert.match(path, /^M100 0Q44 100 100 200M/);
  assert.match(arrowPath({ x: 900, y: 0 }, { x: 900, y: 200 }, 500), /^M900 0Q956 100 900 200M/);
});

test('labels stand on the side of their place and never over one another', () => {
  const anchors = [10, 12, 14, 300].map((y, i) => ({ key: `k${i}`, x: 60, y }));
  const pins = layPins(anchors, { width: 360, height: 420, pinHeight: 60 });
  assert.ok(pins.every((pin) => pin.side === 'left'));
  pins.slice(1).forEach((pin, i) => assert.ok(pin.top - pins[i].top >= 60));
});

test('labels at the foot of the map stay inside it', () => {
  const pins = layPins([{ key: 'a', x: 300, y: 410 }], { width: 360, height: 420, pinHeight: 60 });
  assert.equal(pins[0].side, 'right');
  assert.equal(pins[0].top, 360);
});

test('arrows are those the server draws', () => {
  const cases = JSON.parse(readFileSync(new URL('./arrow-cases.json', import.meta.url), 'utf8'));
  for (const { from, to, middle, path } of cases) {
    assert.equal(arrowPath({ x: from[0], y: from[1] }, { x: to[0], y: to[1] }, middle), path);
  }
});
