"""What a client does at home, on paper."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.people.models import Practice
from clinic.ui.pdf import Sheet
from treatments.client_words import care_of, short_name
from treatments.figures.printed import drawing
from treatments.models import ExercisePicture, Prescription
from treatments.reads.programme import DayPage
from treatments.templatetags.doses import amount, how_often, which_side


def handout(page: DayPage) -> bytes:
    """The client's exercises in their order, each with its picture, dose and cautions. Names nobody's condition."""
    practice = Practice.objects.first()
    clinic = practice.name if practice else "Palpate"
    location = page.location
    phone = (location.phone if location else None) or (practice.phone if practice else None)
    sheet = Sheet(title=_("Your exercises at home"), author=clinic)
    day = date_format(page.today, "j F Y")
    sheet.text(
        _("For %(name)s, from %(who)s, %(day)s") % {"name": page.client.full_name, "who": page.from_whom, "day": day}
    )
    for row in page.prescriptions:
        _exercise(sheet, row)
    sheet.space()
    if phone:
        stop = _("Worse for more than a few minutes? Stop for today and tell us: %(phone)s.")
        sheet.text(stop % {"phone": phone.as_national})
    return sheet.build(foot=clinic)


def _exercise(sheet: Sheet, row: Prescription) -> None:
    texts, drawn = list(_texts(row)), drawing(row.exercise.code)
    picture = None if drawn else picture_of(row)
    if drawn:
        sheet.figure(drawn, beside=texts)
    elif picture:
        with picture.file.open("rb") as file:
            sheet.picture(file.read(), beside=texts)
    else:
        sheet.said(texts)


def picture_of(row: Prescription) -> ExercisePicture | None:
    try:
        return row.exercise.picture
    except ExercisePicture.DoesNotExist:
        return None


def _texts(row: Prescription) -> Iterable[str]:
    """The name first: it stands out."""
    yield short_name(row.exercise)
    yield ", ".join(filter(None, (amount(row), which_side(row), how_often(row))))
    yield from filter(None, (row.instructions, str(row.exercise.data.get("cue") or "")))
    yield from (f"! {care}" for care in care_of(row.exercise))
