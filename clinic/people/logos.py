"""The practice's logo: a picture drawn anew at the size pages use it."""

import io

from django.utils.translation import gettext as _
from PIL import Image

from clinic.core.errors import Refused
from clinic.people import uploads

LONGEST_SIDE_PIXELS = 512


def logo_from(upload: bytes) -> bytes:
    """A PNG of an uploaded picture. Raises Refused when it is too large, broken or no picture."""
    picture = uploads.clean(upload)
    if not picture.media_type.startswith("image/"):
        raise Refused(_("A logo is a picture. Use PNG, JPEG or WebP."), code="file-kind")
    target = io.BytesIO()
    with Image.open(io.BytesIO(picture.content)) as image:
        small = image.convert("RGBA")
        small.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
        small.save(target, "PNG", optimize=True)
    return target.getvalue()
