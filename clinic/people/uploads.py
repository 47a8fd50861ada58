"""What a file really is, told by its first bytes, never by its name. Images are drawn anew."""

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from clinic.core.errors import Missing, Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept."""

    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_picture(self) -> bool:
        return self.media_type in _FORMATS


def clean(content: bytes) -> CleanFile:
    """The file as it may be kept. Raises Refused when it is too large, empty, broken, or of another kind."""
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is larger than 10 MB. Send a smaller one."), code="file-too-large")
    media_type = sniff(content)
    if media_type is None:
        raise Refused(_("Only PDF, PNG, JPEG and WebP files can be kept here."), code="file-kind")
    if media_type in _FORMATS:
        content = _redrawn(content, media_type)
    return CleanFile(content, media_type)


def sniff(content: bytes) -> str | None:
    """The media type of the kinds we take, by their magic bytes; None for anything else."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _redrawn(content: bytes, media_type: str) -> bytes:
    """The picture alone, upright: no place it was taken at, no second file behind it."""
    wanted = _FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused(_("The picture has too many pixels. Send a smaller one."), code="file-too-large")
            upright = ImageOps.exif_transpose(image)
            plain = upright.convert("RGB" if media_type == "image/jpeg" or upright.mode == "CMYK" else _mode(upright))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(
            _("The picture is broken. Open it on your device and save it again."), code="file-broken"
        ) from error
    target = io.BytesIO()
    plain.save(target, format=wanted, quality=90)
    return target.getvalue()


def _mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def title_from(filename: str) -> str:
    """A title out of a file's name: no folders, no suffix, nothing that does not print."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    printable = "".join(each if each.isprintable() else " " for each in unicodedata.normalize("NFC", stem))
    return " ".join(printable.replace("_", " ").split()).strip(". ")[:120]


def smaller(file: FieldFile, *, longest_side_pixels: int) -> bytes:
    """A JPEG of a kept picture, on white where nothing covers the ground. Raises Missing when the file is gone.

    A photograph is read at an eighth of its size where that is enough, so twelve megapixels take some 30 ms.
    """
    target = io.BytesIO()
    try:
        with file.open("rb") as source, Image.open(source, formats=list(_FORMATS.values())) as image:
            image.draft("RGB", (longest_side_pixels * 2, longest_side_pixels * 2))
            image.thumbnail((longest_side_pixels, longest_side_pixels))
            drawn = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Missing(_("The file of this picture cannot be read.")) from error
    ground = Image.new("RGBA", drawn.size, "white")
    Image.alpha_composite(ground, drawn).convert("RGB").save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue()


def to_be_saved(file: FieldFile, *, media_type: str, title: str) -> FileResponse:
    """A file to be saved and not to be shown: no browser runs what is in it."""
    response = FileResponse(file.open("rb"), content_type=media_type)
    name = f"{title}{SUFFIXES[media_type]}".replace("/", "-")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
