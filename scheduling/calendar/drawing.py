"""A calendar's cards, rows, gaps and blocks as markup. By hand, not by templates, which take ten times as long:
a day at one place has two hundred cards, each of which the list for a phone shows again."""

import uuid
from collections.abc import Iterable
from functools import cached_property
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clinic.ui.templatetags.ui import icon
from scheduling.calendar.cards import Card
from scheduling.calendar.parts import Block, Column, Gap
from scheduling.models import Appointment

_ANY = uuid.UUID(int=0)
_ACT = '<span class="act">%s</span>'
_USUAL_MINUTES = (30, 45)  # a card says its length when it is another


def clock(minute: int) -> str:
    """Minutes since midnight as 09:05."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Drawing:
    """One page's pen: whatever is the same on every card is looked up once. All text of others is escaped here."""

    def __init__(self, *, mode: str, may_book: bool, names_places: bool) -> None:
        self.mode = mode
        self.may_book = may_book
        self.names_places = names_places
        self.lengths: dict[int, str] = {}
        self.visit_url = reverse("scheduling:appointment-detail", args=[_ANY])
        self.status_url = reverse("scheduling:appointment-status", args=[_ANY])
        self.booking_url = reverse("scheduling:appointment-create")

    def column(self, column: Column) -> SafeString:
        """What lies on a column, the quietest first."""
        parts = [self._block(block) for block in column.blocks]
        if self.may_book:
            parts += [self._gap(gap) for gap in column.gaps]
        parts += [self._card(card) for card in column.cards]
        return mark_safe("\n".join(parts))  # noqa: S308 escaped part by part

    def rows(self, cards: Iterable[Card]) -> SafeString:
        """The same cards in a list, for a phone and for paper."""
        return mark_safe("\n".join(self._row(card) for card in cards))  # noqa: S308 escaped part by part

    def _block(self, block: Block) -> str:
        return f'<li class="block" data-kind="{block.kind}"{_span(block)}{_lane(block)}>{escape(block.label)}</li>'

    def _gap(self, gap: Gap) -> str:
        at = clock(gap.start)
        address = f"{self.booking_url}?location={gap.location.pk}&amp;therapist={gap.therapist.pk}"
        if gap.is_labelled:
            label = f"{icon('plus')}<strong>{escape(gap.label)}</strong>"
        else:
            label = f'<span class="visually-hidden">{escape(_("Book %(time)s") % {"time": at})}</span>'
        is_next = " data-next" if gap.is_next else ""
        return (
            f'<li class="gap"{_span(gap)}{is_next}><a href="{address}&amp;at={gap.date.isoformat()}T{at}"'
            f' data-dialog tabindex="-1"><span>{label}</span></a></li>'
        )

    def _card(self, card: Card) -> str:
        visit, key = card.visit, str(card.visit.pk)
        return (
            f'<li class="appt" data-status="{card.status}"{_span(card)}{self._data(card, key)}>\n'
            f'<a href="{self._url(key)}" id="card-{key}" data-dialog draggable="false">{icon(card.status)}'
            f'<span class="visually-hidden">{self.states[visit.status]}: </span>'
            f'<span class="name">{escape(visit.client)}</span></a>\n'
            f'<span class="marks">{self._marks(card)}<span id="note-mark-{key}"></span></span>\n'
            f"<p><time>{clock(card.start)}</time> {escape(visit.service)}{self._beside(card)}</p>\n"
            f"{self._third(card)}{self._steps(card, key, small=True)}</li>"
        )

    def _row(self, card: Card) -> str:
        visit, key = card.visit, str(card.visit.pk)
        place = f" <small>{escape(card.place.name)}</small>" if self.names_places else ""
        css = ' class="act"' if card.is_urgent else ""
        third = f"<p{css}>{escape(card.third)}</p>" if card.third else ""
        return (
            f'<li data-status="{card.status}">\n<time>{clock(card.start)}{place}</time>\n'
            f'<div class="who"><a href="{self._url(key)}" id="row-{key}" data-dialog>{icon(card.status)}'
            f'<span class="name">{escape(visit.client)}</span></a>\n'
            f"<p>{self.states[visit.status]} · {escape(visit.service)}, {self._length(card)}"
            f" · {escape(visit.therapist)}, {escape(visit.room)}</p>\n{third}</div>\n"
            f'<span class="marks">{self._marks(card)}</span>\n{self._steps(card, key)}</li>'
        )

    def _url(self, key: str) -> str:
        return self.visit_url.replace(str(_ANY), key)

    def _data(self, card: Card, key: str) -> str:
        """What the script and the style sheet have to know of a card."""
        visit, minutes = card.visit, card.minutes
        data = _lane(card) + (" data-short" if minutes < 25 else " data-brief" if minutes < 40 else "")
        data += " data-out" if card.is_out else ""
        data += " data-overlap" if visit.is_overlap_allowed else ""
        if not card.is_active:
            return data
        data += f' data-visit="{key}" data-version="{visit.version}" data-who="{visit.therapist_id}"'
        data += f' data-buffer="{visit.buffer_minutes}"' if visit.buffer_minutes else ""
        data += f' data-client="{visit.client_id}"' if card.is_often else ""
        if self.may_book and card.may_stretch:
            data += f' data-can="{"move " if card.may_move else ""}stretch"'
        return data

    def _beside(self, card: Card) -> str:
        """After the time and the service: the therapist or the length, and how long somebody waits."""
        text = ""
        if self.mode == "rooms":
            text = f" · {escape(card.visit.therapist)}"
        elif card.minutes not in _USUAL_MINUTES:
            text = f" · {self._length(card)}"
        if card.waiting_minutes is None:
            return text
        if card.waiting_since:
            waits = _("here since %(at)s") % {"at": card.waiting_since}
        else:
            waits = ngettext("waiting %(minutes)s min", "waiting %(minutes)s min", card.waiting_minutes)
            waits %= {"minutes": card.waiting_minutes}
        return f"{text} <b>· {escape(waits)}</b>"

    def _length(self, card: Card) -> str:
        minutes = card.minutes
        if minutes not in self.lengths:
            words = ngettext("%(minutes)s min", "%(minutes)s min", minutes) % {"minutes": minutes}
            self.lengths[minutes] = escape(words)
        return self.lengths[minutes]

    def _third(self, card: Card) -> str:
        if not card.third:
            return ""
        text = escape(card.third)
        return f'<p class="third">{_ACT % text if card.is_urgent else text}</p>\n'

    def _marks(self, card: Card) -> str:
        visit, marks = card.visit, ""
        if visit.is_first_visit and not card.is_over:
            marks += f'<span class="new">{self.words["new"]}</span>'
        if visit.is_overlap_allowed and card.is_active:
            why = escape(visit.overlap_reason)
            marks += _mark("both", "overlap", why, f"{self.words['overlap']} {why}")
        if visit.series_id:
            marks += _mark("", "series", self.words["series"])
        if visit.flag:
            marks += _mark("flag", "flag", self.words["flag"])
        if visit.alerts:
            what = escape(", ".join(alert["label"] for alert in visit.alerts))
            marks += _mark("warn", "alert", what, f"{self.words['alert']} {what}")
        if card.intake:
            drawn = card.intake if card.intake in ("done", "started") else "missing"
            marks += _mark(f"form-{card.intake}", f"form-{drawn}", escape(card.intake_word))
        return marks

    def _steps(self, card: Card, key: str, *, small: bool = False) -> str:
        """What the visit may become by one tap."""
        if not (self.may_book and card.steps):
            return ""
        address = f"{self.status_url.replace(str(_ANY), key)}?version={card.visit.version}"
        out_of_order, buttons = ' tabindex="-1"' if small else "", ""
        for step in card.steps:
            title, words = self.taps[step]
            buttons += (
                f'<button type="submit" form="visit-step" formaction="{address}" name="status" value="{step}"'
                f' data-step="{step}"{out_of_order}'
                f' aria-label="{escape(words % {"name": card.visit.client})}" title="{title}">{icon(step)}</button>'
            )
        return f'<span class="quick">{buttons}</span>\n'

    @cached_property
    def states(self) -> dict[str, str]:
        return {value: escape(str(label)) for value, label in Appointment.Status.choices}

    @cached_property
    def words(self) -> dict[str, str]:
        words = {
            "new": pgettext("client", "New"),
            "overlap": _("Two at once:"),
            "series": _("One of a series"),
            "flag": _("Red flag, not yet followed up"),
            "alert": _("Alert:"),
        }
        return {name: escape(text) for name, text in words.items()}

    @cached_property
    def taps(self) -> dict[str, tuple[str, str]]:
        """Each button's title, and what it says to whom."""
        return {
            "arrived": (escape(_("Check in")), _("Check in %(name)s")),
            "in-session": (escape(_("Start")), _("Start with %(name)s")),
            "completed": (escape(_("Finish")), _("Finish with %(name)s")),
            "no-show": (escape(_("No-show")), _("%(name)s did not come")),
        }


def _span(each: Block | Gap | Card) -> str:
    return f' data-at="{clock(each.start)}" data-until="{clock(each.end)}"'


def _lane(each: Block | Card) -> str:
    return f' data-lane="{each.lane}" data-lanes="{each.lanes}"' if each.lanes > 1 else ""


def _mark(kind: str, name: str, title: str, spoken: str = "") -> str:
    css = f' class="{kind}"' if kind else ""
    return f'<span{css} title="{title}">{icon(name)}<span class="visually-hidden">{spoken or title}</span></span>'
