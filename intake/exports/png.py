"""A pain map as a PNG file, drawn by Pillow at twice its size and brought down, so that edges are smooth."""

import io
from collections.abc import Iterable
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from intake.exports.palette import PAPER
from intake.exports.scene import Scene, Shape, Words
from intake.rules.shapes import Outline, Point, contains, lines_of, outlines_of

PIXELS = 2  # of the file for each unit of the sheet
FINER = 2  # drawn this much larger
DASH, GAP = 12, 9
HALO = 2


def write(scene: Scene) -> bytes:
    """The whole file."""
    zoom = PIXELS * FINER
    image = Image.new("RGB", (scene.width * zoom, scene.height * zoom), PAPER)
    _figure(image, scene, zoom)
    pen = ImageDraw.Draw(image)
    for box in scene.boxes:
        pen.rectangle([n * zoom for n in (box.x, box.y, box.x + box.width, box.y + box.height)], fill=box.fill)
    for words in scene.words:
        _words(pen, words, zoom)
    small = image.reduce(FINER)
    file = io.BytesIO()
    small.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _figure(image: Image.Image, scene: Scene, zoom: int) -> None:
    """Only what lies in the window is kept."""
    window = scene.window
    x, y = round(window.x * zoom), round(window.y * zoom)
    seen = Image.new("RGB", (round(window.width * zoom), round(window.height * zoom)), PAPER)
    scale, left, top = scene.placed
    placed = (scale * zoom, left * zoom - x, top * zoom - y)
    for shape in scene.shapes:
        _shape(seen, shape, placed)
    image.paste(seen, (x, y))


def _shape(image: Image.Image, shape: Shape, placed: tuple[float, float, float]) -> None:
    outlines = outlines_of(shape.d) if shape.is_closed else lines_of(shape.d)
    if shape.fill:
        _fill(image, shape, [_move(outline, placed) for outline in outlines if len(outline) > 2])
    if not shape.stroke:
        return
    pen, width = ImageDraw.Draw(image), max(1, round(shape.width * placed[0]))
    for outline in outlines:
        line = [*outline, outline[0]] if shape.is_closed else list(outline)
        for piece in _dashes(line) if shape.is_dashed else [line]:
            pen.line(_move(piece, placed), fill=shape.stroke, width=width, joint="curve")


def _move(points: Iterable[Point], placed: tuple[float, float, float]) -> Outline:
    scale, left, top = placed
    return tuple((x * scale + left, y * scale + top) for x, y in points)


def _fill(image: Image.Image, shape: Shape, outlines: list[Outline]) -> None:
    """Even-odd: what lies inside an odd number of outlines is filled. Only the box round them is touched."""
    xs, ys = [x for outline in outlines for x, _y in outline], [y for outline in outlines for _x, y in outline]
    left, top = int(min(xs)), int(min(ys))
    mask = Image.new("L", (int(max(xs)) - left + 1, int(max(ys)) - top + 1), 0)
    pen = ImageDraw.Draw(mask)
    deep = [(sum(contains(other, line[0]) for other in outlines if other is not line), line) for line in outlines]
    for depth, outline in sorted(deep, key=lambda pair: pair[0]):
        level = round(255 * shape.opacity) if depth % 2 == 0 else 0
        pen.polygon([(x - left, y - top) for x, y in outline], fill=level)
    image.paste(shape.fill, (left, top), mask)


def _dashes(points: list[Point]) -> list[list[Point]]:
    """A line cut into dashes, by the way along it."""
    pieces: list[list[Point]] = [[points[0]]]
    is_on, left = True, float(DASH)
    for start, end in pairwise(points):
        at, length = start, ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        while length > left:
            at = (at[0] + (end[0] - at[0]) * left / length, at[1] + (end[1] - at[1]) * left / length)
            length -= left
            if is_on:
                pieces[-1].append(at)
            else:
                pieces.append([at])
            is_on, left = not is_on, float(GAP if is_on else DASH)
        left -= length
        if is_on:
            pieces[-1].append(end)
    return [piece for piece in pieces if len(piece) > 1]


def _words(pen: ImageDraw.ImageDraw, words: Words, zoom: int) -> None:
    font = ImageFont.load_default(words.size * zoom)
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[words.anchor]
    weight = zoom // 3 if words.is_bold else 0
    at = (words.x * zoom, words.y * zoom)
    if words.halo:
        pen.text(at, words.text, words.halo, font, anchor, stroke_width=HALO * zoom, stroke_fill=words.halo)
    pen.text(at, words.text, words.colour, font, anchor, stroke_width=weight, stroke_fill=words.colour)
