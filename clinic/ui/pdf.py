"""PDF of what people keep: text on A4, in a typeface with Latin, Greek and Cyrillic letters."""

import io
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any
from xml.sax.saxutils import escape

import font_source_sans_pro
from PIL import Image as Photo
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import FILL_NON_ZERO
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from clinic.ui.drawing import Drawing, Path

PLAIN, BOLD = "palpate", "palpate-bold"
INK, FAINT, LINE = HexColor("#17211e"), HexColor("#5b6763"), HexColor("#cfd6d3")
UNKNOWN = "?"  # stands for a letter that the typeface does not have


class Sheet:
    """A document that grows from top to bottom. Every text is taken as text: nothing in it is markup."""

    def __init__(self, *, title: str, author: str) -> None:
        self.title, self.author = title, author
        self._parts: list[Flowable] = []
        self.heading(title, size=17)

    def heading(self, text: str, *, size: int = 12) -> None:
        self._parts.append(_paragraph(text, BOLD, size=size, before=size * 0.6, after=size * 0.3, keep=True))

    def text(self, text: str, *, faint: bool = False) -> None:
        """Paragraphs; an empty line parts them."""
        for part in text.replace("\r\n", "\n").split("\n\n"):
            self._parts.append(_paragraph(part, PLAIN, colour=FAINT if faint else INK, after=5))

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names on the left, values on the right."""
        cells = [[_paragraph(name, PLAIN, colour=FAINT), _paragraph(value, PLAIN)] for name, value in rows]
        style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)])
        self._parts.append(Table(cells, colWidths=[45 * mm, None], style=style, hAlign="LEFT"))

    def ink(self, strokes: Sequence[Sequence[int]], *, width: int, height: int, label: str) -> None:
        """What was drawn by hand on a field of `width` by `height`, above a line that says what it is."""
        self._parts.append(KeepTogether([_Ink(strokes, width, height), _paragraph(label, PLAIN, colour=FAINT)]))

    def figure(self, drawing: Drawing, *, beside: Sequence[str] = (), width_mm: float = 58) -> None:
        """A drawing of plain shapes; the first text beside it stands out. The two stay on one page."""
        self._beside(_Figure(drawing, width_mm * mm), beside, width_mm)

    def picture(self, content: bytes, *, beside: Sequence[str] = (), width_mm: float = 58) -> None:
        """A photo as it was kept (PNG, JPEG or WebP), no higher than wide; texts beside it as with a drawing."""
        with Photo.open(io.BytesIO(content)) as photo:
            shape = photo.height / photo.width
        width = width_mm * mm / max(1, shape)
        self._beside(Image(io.BytesIO(content), width=width, height=width * shape), beside, width_mm)

    def said(self, texts: Sequence[str]) -> None:
        """The same texts where there is no picture."""
        self._parts.append(KeepTogether([*_outstanding(texts), Spacer(1, 6)]))

    def _beside(self, figure: Flowable, beside: Sequence[str], width_mm: float) -> None:
        if not beside:
            self._parts.append(figure)
            return
        texts = _outstanding(beside)
        style = TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)])
        self._parts.append(Table([[figure, texts]], colWidths=[(width_mm + 4) * mm, None], style=style, hAlign="LEFT"))

    def space(self, points: float = 10) -> None:
        self._parts.append(Spacer(1, points))

    def build(self, *, foot: str) -> bytes:
        """The file; `foot` stands on every page, with its number. The same content gives the same bytes."""
        made = io.BytesIO()
        document = SimpleDocTemplate(
            made,
            pagesize=A4,
            leftMargin=24 * mm,
            rightMargin=24 * mm,
            topMargin=20 * mm,
            bottomMargin=22 * mm,
            title=known(self.title),
            author=known(self.author),
            invariant=1,
        )

        def finish(canvas: Any, page: Any) -> None:
            canvas.setFont(PLAIN, 8)
            canvas.setFillColor(FAINT)
            canvas.drawString(24 * mm, 12 * mm, known(foot))
            canvas.drawRightString(A4[0] - 24 * mm, 12 * mm, str(page.page))

        document.build(list(self._parts), onFirstPage=finish, onLaterPages=finish)
        return made.getvalue()


def _outstanding(texts: Sequence[str]) -> list[Flowable]:
    """The first of them stands out."""
    return [_paragraph(text, PLAIN if at else BOLD, size=10.5 if at else 12) for at, text in enumerate(texts)]


class _Figure(Flowable):  # type: ignore[misc]
    """Shapes, scaled to a width in points."""

    def __init__(self, drawing: Drawing, width: float) -> None:
        super().__init__()
        self.shapes, self.scale = drawing.shapes, width / drawing.width
        self.width, self.height = width, drawing.height * self.scale

    def draw(self) -> None:
        canvas = self.canv
        canvas.translate(0, self.height)
        canvas.scale(self.scale, -self.scale)  # y grows downwards in a drawing
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for shape in self.shapes:
            if shape.halo:
                self._paint(shape.path, None, shape.halo, shape.halo_width)
            self._paint(shape.path, shape.fill, shape.stroke, shape.stroke_width)

    def _paint(self, commands: Path, fill: str | None, stroke: str | None, width: float) -> None:
        if fill:
            self.canv.setFillColor(HexColor(fill))
        if stroke:
            self.canv.setStrokeColor(HexColor(stroke))
            self.canv.setLineWidth(width)
        path = PDFPathObject([_operators(commands)])
        self.canv.drawPath(path, stroke=int(bool(stroke)), fill=int(bool(fill)), fillMode=FILL_NON_ZERO)


@lru_cache(maxsize=2048)
def _operators(commands: Path) -> str:
    """The path in the language of a PDF; figures come again in every programme."""
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    return " ".join(" ".join((*(f"{number:.1f}" for number in numbers), names[letter])) for letter, numbers in commands)


class _Ink(Flowable):  # type: ignore[misc]
    """Strokes as lines, 70 mm wide."""

    def __init__(self, strokes: Sequence[Sequence[int]], width: int, height: int) -> None:
        super().__init__()
        self.strokes = strokes
        self.scale = 70 * mm / width
        self.width, self.height = 70 * mm, height * self.scale

    def draw(self) -> None:
        self.canv.setStrokeColor(LINE)
        self.canv.line(0, 0, self.width, 0)
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1.2)
        self.canv.setLineCap(1)
        self.canv.setLineJoin(1)
        for stroke in self.strokes:
            path = self.canv.beginPath()
            points = [
                (x * self.scale, self.height - y * self.scale) for x, y in zip(stroke[::2], stroke[1::2], strict=False)
            ]
            path.moveTo(*points[0])
            for point in points[1:] or [(points[0][0] + 0.5, points[0][1])]:
                path.lineTo(*point)
            self.canv.drawPath(path)


def known(text: str) -> str:
    """The text with a question mark for each letter the typeface does not have, and without control characters."""
    letters = _letters()
    return "".join(each if ord(each) in letters or each == "\n" else UNKNOWN for each in text)


def _paragraph(
    text: str,
    font: str,
    *,
    size: float = 10.5,
    colour: Any = INK,
    before: float = 0,
    after: float = 2,
    keep: bool = False,
) -> Paragraph:
    _letters()  # the typefaces are there
    style = ParagraphStyle(
        font,
        fontName=font,
        fontSize=size,
        leading=size * 1.42,
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        keepWithNext=keep,
    )
    return Paragraph(escape(known(text)).replace("\n", "<br/>"), style)


@cache
def _letters() -> frozenset[int]:
    """Registers the typefaces once; the letters they have."""
    folder = File(font_source_sans_pro.__file__).parent / "files"
    plain = TTFont(PLAIN, folder / "SourceSansPro-Regular.ttf")
    bold = TTFont(BOLD, folder / "SourceSansPro-Semibold.ttf")
    for font in (plain, bold):
        pdfmetrics.registerFont(font)
    return frozenset(plain.face.charToGlyph) & frozenset(bold.face.charToGlyph)
