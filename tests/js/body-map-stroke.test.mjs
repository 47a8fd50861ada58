import assert from 'node:assert/strict';
import test from 'node:test';

import {
  MOST_LINES, MOST_NUMBERS, readStroke, snap, strokePath, thin, withLine, withoutLast, writeStroke,
} from '../../intake/static/intake/js/body-map-stroke.js';

const EMPTY = { view: 'back', lines: [] };

test('a stroke is written and read again; nothing drawn is nothing written', () => {
  const stroke = { view: 'back', lines: [[1, 2, 3, 4], [5, 6, 7, 8, 9, 10]] };
  assert.deepEqual(readStroke(writeStroke(stroke), 'front'), stroke);
  assert.equal(writeStroke(EMPTY), '');
  assert.equal(writeStroke({ view: 'back', lines: [[5, 5]] }), '');
  assert.deepEqual(readStroke('', 'front'), { view: 'front', lines: [] });
  assert.deepEqual(readStroke('<svg>', 'front'), { view: 'front', lines: [] });
});

test('points are whole numbers inside the view', () => {
  assert.deepEqual(snap({ x: 10.6, y: -3 }), [11, 0]);
  assert.deepEqual(snap({ x: 9999, y: 2000.4 }), [2000, 2000]);
});

test('a straight line needs two points, a corner three', () => {
  assert.deepEqual(thin([0, 0, 10, 0, 20, 1, 30, 0, 40, 0], 2), [0, 0, 40, 0]);
  assert.deepEqual(thin([0, 0, 50, 0, 100, 0, 100, 50, 100, 100], 2), [0, 0, 100, 0, 100, 100]);
  assert.deepEqual(thin([0, 0, 5, 5], 2), [0, 0, 5, 5]);
});

test('a line more is kept, on another view it begins anew, without room it is left out', () => {
  const one = withLine(EMPTY, [0, 0, 30, 0, 30, 40], 'back');
  assert.deepEqual(one.lines, [[0, 0, 30, 0, 30, 40]]);
  assert.deepEqual(withLine(one, [1, 1, 9, 9], 'front'), { view: 'front', lines: [[1, 1, 9, 9]] });
  assert.deepEqual(withoutLast(one).lines, []);
  let full = EMPTY;
  for (let i = 0; i < MOST_LINES + 5; i += 1) full = withLine(full, [i, 0, i, 50], 'back');
  assert.equal(full.lines.length, MOST_LINES);
});

test('a scribble of ten thousand points fits', () => {
  const scribble = Array.from({ length: 10_000 }, (_, i) => [Math.round(500 + 400 * Math.sin(i / 9)), i % 900]).flat();
  const { lines } = withLine(EMPTY, scribble, 'back');
  assert.ok(lines.flat().length <= MOST_NUMBERS);
});

test('a stroke is path data of numbers alone', () => {
  assert.equal(strokePath({ lines: [[10, 20, 30, 40, 50, 60], [1, 2, 3, 4]] }), 'M10 20L30 40L50 60M1 2L3 4');
});
