"""The wordings of consent: which is current, which one a form shows, which consents must be asked for again."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from clinic.core import clock
from clinic.people.models import Client, Practice
from intake.fhir import Form, Item, Kind
from intake.models import Consent, ConsentText, Response

RENEWAL_FORM = "consent"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a client reads and agrees to. `is_new`: not the words this form began with, or agreed to before."""

    kind: str
    title: str
    text: str
    version: str
    language: str
    row: ConsentText | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """A consent to be given again, in which wording. Without `runs_out_at` its words have changed."""

    consent: Consent
    text: ConsentText
    runs_out_at: dt.datetime | None = None


def kind_of(item: Item) -> str:
    return str(item.extensions.get("consent", ""))


def current(kind: str, language: str) -> ConsentText | None:
    """The newest wording in the language, else in the practice's, else in English, else in any. One query, or two."""
    rows = ConsentText.objects.filter(kind=kind).order_by("language", "-version").distinct("language")
    by_language: dict[str, ConsentText] = {row.language: row for row in rows}
    if language in by_language or not by_language:
        return by_language.get(language)
    practice = Practice.objects.only("locale").first()
    for other in (practice.locale if practice else "", FALLBACK):
        if other in by_language:
            return by_language[other]
    return next(iter(by_language.values()))


def fixed_for(form: Form, client: Client, *, slug: str, until: dt.datetime | None = None) -> dict[str, str]:
    """The wordings a form begins with, by kind; empty for its own words. A renewal asks for what is due alone."""
    kinds = [kind_of(item) for item in form.of_kind(Kind.CONSENT)]
    waiting = {text.kind: text for text in due(client, until=until)} if slug == RENEWAL_FORM else {}
    if waiting:
        return {kind: str(waiting[kind].pk) for kind in kinds if kind in waiting}
    found = {kind: current(kind, client.language) for kind in kinds}
    return {kind: str(text.pk) if text else "" for kind, text in found.items()}


def shown(response: Response, items: Iterable[Item]) -> dict[str, Wording]:
    """By linkId what this form shows for each consent: the wording it began with, else its own. Two queries."""
    consents = [item for item in items if item.kind is Kind.CONSENT]
    pks = [pk for pk in response.consent_texts.values() if pk] if consents else []
    rows = {row.kind: row for row in ConsentText.objects.filter(pk__in=pks)} if pks else {}
    other = Consent.objects.filter(client=response.client_id).exclude(consent_text__in=pks) if pks else None
    agreed = set(other.values_list("kind", flat=True)) if other is not None else set()
    return {item.link_id: _wording(item, rows.get(kind_of(item)), response, agreed) for item in consents}


def _wording(item: Item, row: ConsentText | None, response: Response, agreed_before: set[str]) -> Wording:
    if row is None:
        title, version = str(item.extensions.get("heading", "")), str(item.extensions.get("text-version", ""))
        return Wording(kind_of(item), title, item.text, version, FALLBACK, None)
    is_new = row.kind in agreed_before or row.published_at > response.created_at
    return Wording(row.kind, row.title, row.text, str(row.version), row.language, row, is_new)


def outdated(response: Response) -> dict[str, ConsentText]:
    """By kind, the wording that has replaced the one this form shows and must be agreed to instead. One query each."""
    pks = [pk for pk in response.consent_texts.values() if pk]
    fixed = ConsentText.objects.filter(pk__in=pks)
    found = ((row.kind, _renewed(row)) for row in fixed)
    return {kind: newer for kind, newer in found if newer}


def due(client: Client, *, until: dt.datetime | None = None) -> list[ConsentText]:
    """The wordings that must be agreed to again, now or until then."""
    return [renewal.text for renewal in renewals(client, until=until)]


def newest_of(client: Client) -> list[Consent]:
    """The last consent of each kind that the person gave, withdrawn or not, with its wording. One query."""
    given = Consent.objects.filter(client__in=client.identity_ids).newest_of_each()
    return list(given.select_related("consent_text"))


def renewals(client: Client, *, until: dt.datetime | None = None) -> list[Renewal]:
    """What must be given again: its wording has changed, or it runs out before `until`. Two or three queries."""
    return renewals_among(newest_of(client), until=until)


def renewals_among(newest: list[Consent], *, until: dt.datetime | None = None) -> list[Renewal]:
    """Of `newest_of` a client, what must be given again. One query, or none.

    Who has taken a consent back is not asked again.
    """
    standing = [consent for consent in newest if consent.withdrawn_at is None]
    if not standing:
        return []
    texts = ConsentText.objects.filter(kind__in={consent.kind for consent in standing}).order_by("-version")
    rows = list(texts)
    last = max(clock.now(), until) if until else clock.now()
    found = (_renewal(consent, [row for row in rows if row.kind == consent.kind], last) for consent in standing)
    return [renewal for renewal in found if renewal]


def _renewal(consent: Consent, rows: list[ConsentText], last: dt.datetime) -> Renewal | None:
    """`rows` are the wordings of its kind, newest first."""
    text = consent.consent_text
    own = [row for row in rows if row.language == (text.language if text else consent.language)]
    if not own:
        return None
    if text and any(row.needs_renewal for row in own if row.version > text.version):
        return Renewal(consent, own[0])
    months = own[0].renew_after_months
    runs_out_at = months_after(consent.given_at, months) if months else None
    return Renewal(consent, own[0], runs_out_at) if runs_out_at and runs_out_at <= last else None


def months_after(at: dt.datetime, months: int) -> dt.datetime:
    """The same day some months later; the last of its month where there is no such day."""
    year, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + year, month + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))


def _renewed(text: ConsentText) -> ConsentText | None:
    """The newest wording, when one of those since then asks everybody again."""
    later = ConsentText.objects.filter(kind=text.kind, language=text.language, version__gt=text.version)
    rows = list(later.order_by("-version"))
    return rows[0] if any(row.needs_renewal for row in rows) else None
