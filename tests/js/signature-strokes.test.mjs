import assert from 'node:assert/strict';
import test from 'node:test';

import {
  begin, extend, FIELD, MOST_POINTS, MOST_STROKES, parse, serialize, toField, toPath,
} from '../../intake/static/intake/js/signature-strokes.js';

test('a point of the page becomes a point of the field and stays inside it', () => {
  const field = { left: 10, top: 20, width: 500, height: 160 };
  assert.deepEqual(toField({ x: 260, y: 100 }, field), [500, 160]);
  assert.deepEqual(toField({ x: -50, y: 9999 }, field), [0, FIELD.height]);
});

test('a hand that hardly moves adds no points', () => {
  const strokes = [];
  begin(strokes, [10, 10]);
  assert.equal(extend(strokes, [11, 11]), false);
  assert.equal(extend(strokes, [30, 11]), true);
  assert.deepEqual(strokes, [[10, 10, 30, 11]]);
});

test('a signature has an end', () => {
  const strokes = [];
  for (let i = 0; i < MOST_STROKES + 5; i += 1) begin(strokes, [i, i]);
  assert.equal(strokes.length, MOST_STROKES);
  for (let i = 0; i < MOST_POINTS * 2; i += 1) extend(strokes, [i % 2 ? 900 : 100, 10]);
  assert.equal(strokes.flat().length / 2, MOST_POINTS);
});

test('what is sent can be read again, and an empty field sends nothing', () => {
  const strokes = [[1, 2, 30, 40], [5, 5]];
  assert.deepEqual(parse(serialize(strokes)), strokes);
  assert.equal(serialize([]), '');
});

test('what cannot be read is no signature', () => {
  for (const text of ['', '{', 'null', '{"strokes": 3}', '[]']) assert.deepEqual(parse(text), []);
  assert.deepEqual(parse('{"strokes": [["<script>"], [1, 2]]}'), [[1, 2]]);
});

test('a dot is drawn too', () => {
  assert.equal(toPath([[5, 6], [1, 2, 3, 4]]), 'M5 6h1M1 2L3 4');
});
