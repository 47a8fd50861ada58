"""A pain map as an SVG file: attributes only, no style, no script, nothing loaded from elsewhere."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from intake.exports.palette import PAPER
from intake.exports.scene import Box, Scene, Shape, Words

FONT = "Inter, system-ui, sans-serif"


def write(scene: Scene) -> str:
    """The whole file."""
    scale, left, top = scene.placed
    window = scene.window
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{scene.width}" height="{scene.height}" '
        f'viewBox="0 0 {scene.width} {scene.height}" role="img" aria-labelledby="title desc" font-family="{FONT}">'
    )
    parts = [
        head,
        f'<title id="title">{escape(scene.title)}</title>',
        f'<desc id="desc">{escape(scene.spoken)}</desc>',
        f'<rect width="{scene.width}" height="{scene.height}" fill="{PAPER}"/>',
        f'<clipPath id="window"><rect x="{window.x:.1f}" y="{window.y:.1f}" width="{window.width:.1f}" '
        f'height="{window.height:.1f}"/></clipPath>',
        f'<g clip-path="url(#window)"><g transform="translate({left:.2f} {top:.2f}) scale({scale:.4f})" '
        'stroke-linejoin="round" stroke-linecap="round">',
        *map(_shape, scene.shapes),
        "</g></g>",
        *map(_box, scene.boxes),
        *map(_words, scene.words),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _shape(shape: Shape) -> str:
    return f"<path {' '.join(_attributes(shape))}/>"


def _attributes(shape: Shape) -> Iterator[str]:
    yield f'd="{shape.d}"'
    yield f'fill="{shape.fill or "none"}"'
    if shape.fill and shape.opacity < 1:
        yield f'fill-opacity="{shape.opacity}"'
    if shape.is_closed:
        yield 'fill-rule="evenodd"'
    if shape.stroke:
        yield f'stroke="{shape.stroke}" stroke-width="{shape.width}"'
    if shape.is_dashed:
        yield 'stroke-dasharray="12 9"'


def _box(box: Box) -> str:
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect x="{box.x:.1f}" y="{box.y:.1f}" {size} fill="{box.fill}"/>'


def _words(words: Words) -> str:
    weight = ' font-weight="600"' if words.is_bold else ""
    halo = f' stroke="{words.halo}" stroke-width="4" paint-order="stroke"' if words.halo else ""
    return (
        f'<text x="{words.x:.1f}" y="{words.y:.1f}" font-size="{words.size}" fill="{words.colour}" '
        f"text-anchor={quoteattr(words.anchor)}{weight}{halo}>{escape(words.text)}</text>"
    )
