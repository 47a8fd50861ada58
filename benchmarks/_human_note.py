"""What a routine follow-up note takes, from the page before the session to the signature, by mouse and by keyboard.

A visit in the middle of an episode: pain, two findings, one trigger point, three techniques, one exercise, the plan.
With the mouse everything is tapped that is seen, numbers and prose are typed: at most 25 interactions. By keyboard
alone: at most 60 keystrokes beside the prose. A choice from a list is two taps, or its letters.
"""

import re

from _browser import Hands
from playwright.sync_api import Browser, Locator, Page, expect

from clinic.people import demo
from clinic.people.models import User
from intake.models import RedFlag
from scheduling.models import Appointment
from treatments.models import SessionNote

MOST_TAPS, MOST_KEYS = 25, 60
TABLET = {"width": 1180, "height": 820}
SAID = "Slept through four nights of seven."
PLANNED = "Go on; measure rotation again."


class Writer(Hands):
    """Hands that write prose apart from keys, and choose from lists."""

    prose = 0

    def say(self, text: str) -> None:
        """Prose: one interaction, and no keystroke of the count."""
        self.write(text)
        self.keystrokes -= len(text)
        self.prose += len(text)

    def tap(self, what: Locator) -> None:
        """What is tapped may lead to another page."""
        what.scroll_into_view_if_needed()
        expect(what).to_be_in_viewport()
        said = what.inner_text().strip() or what.get_attribute("name") or ""
        what.click()
        self.steps.append(f"tap {said[:24]}")

    def choose(self, box: Locator, label: str) -> None:
        """Open a list, tap one of it."""
        box.scroll_into_view_if_needed()
        expect(box).to_be_visible()
        value = box.locator("option", has_text=label).first.get_attribute("value")
        box.select_option(value)
        self.steps += ["open a list", f"tap {label}"]


def next_visit() -> Appointment:
    """A visit of the demo's therapist without a note yet, of somebody in an open episode who was treated before."""
    therapist = User.objects.get(email=demo.EMAILS["therapist"])
    rows = Appointment.objects.active().filter(therapist=therapist, session_note=None, client__episodes__closed_at=None)
    rows = rows.filter(client__session_notes__status="signed")
    held_up = RedFlag.objects.unacknowledged().filter(urgency=RedFlag.Urgency.EMERGENCY).values("client")
    found = rows.exclude(client__in=held_up).order_by("during").first()
    if found is None:
        raise SystemExit("the demo has no visit left without a note")
    return found


def sat_down(browser: Browser, url: str) -> tuple[Page, Appointment]:
    """The therapist before the session, everything read."""
    page = browser.new_context(viewport=TABLET).new_page()
    page.goto(f"{url}/accounts/login/")
    page.click("button[value=therapist]")
    visit = next_visit()
    page.goto(f"{url}/sessions/{visit.pk}/before/")
    page.wait_for_selector("html[data-ready]", state="attached")
    return page, visit


def by_taps(browser: Browser, url: str) -> bool:
    page, visit = sat_down(browser, url)
    hands = Writer(page)
    hands.tap(page.get_by_role("button", name="Start note"))
    expect(page.locator("[data-quick-add]")).to_be_visible()
    hands.tap(page.get_by_label("Now", exact=True))
    for level in "346":
        hands.write(level)  # a number goes on to the next box by itself
    for movement, degrees in (("flexion, right", "112"), ("extension, right", "14")):
        hands.tap(page.get_by_label(f"Hip {movement}", exact=True).first)
        hands.write(degrees)
    hands.tap(page.get_by_role("button", name="Trigger point", exact=True))
    points = page.locator('[data-rows="points"] [data-row]:not(.row-extra) select[name$="-code"]')
    hands.choose(points.last, "Piriformis")
    for number in range(3):
        hands.tap(page.locator("[data-chips] [data-technique]").nth(number))
    hands.tap(page.locator(".home summary", has_text="Exercise for home"))
    hands.choose(page.locator('select[name="dose-exercise"]'), "Cat-cow")
    hands.tap(page.get_by_label("Plan", exact=True))
    hands.say(PLANNED)
    hands.tap(page.get_by_role("button", name="Sign note"))
    return _signed(page, hands, visit) and hands.tell("a follow-up note, tapping", MOST_TAPS)


def by_keys(browser: Browser, url: str) -> bool:
    page, visit = sat_down(browser, url)
    hands = Writer(page)
    hands.press("n")
    expect(page.locator("[data-quick-add]")).to_be_visible()
    hands.press("Alt+s")
    for level in "346":
        hands.write(level)
    hands.press("Alt+s")  # once more: to the text
    hands.say(SAID)
    hands.press("Alt+o")
    hands.write("112")
    hands.press("Enter")  # down to the next movement
    hands.write("14")
    hands.press("Alt+g")
    _type_in_list(page, hands, "pirif")
    hands.press("Alt+t")
    for number in "123":
        hands.press(number)
    hands.press("Alt+p")
    hands.say(PLANNED)
    hands.press("Alt+x")
    _type_in_list(page, hands, "cat")
    hands.press("Control+Enter")
    is_signed = _signed(page, hands, visit)
    is_short = hands.tell("a follow-up note, by keyboard", MOST_TAPS)
    print(f"{'':34}{hands.keystrokes} keystrokes beside {hands.prose} of prose (at most {MOST_KEYS})")
    return is_signed and is_short and hands.keystrokes <= MOST_KEYS


def _type_in_list(page: Page, hands: Hands, letters: str) -> None:
    """The beginning of a choice, as a browser finds it in a list that has the focus."""
    expect(page.locator("select:focus")).to_be_visible()
    page.keyboard.type(letters)
    hands.keystrokes += len(letters)
    hands.steps.append(f"“{letters}”")


def _signed(page: Page, hands: Writer, visit: Appointment) -> bool:
    """Whoever signs shows that it is they; then the note is locked."""
    pin, done = page.locator("#pin"), page.locator("[data-signed-note]")
    expect(done.or_(pin).first).to_be_visible()
    if pin.is_visible():
        expect(pin).to_be_focused()
        hands.write(re.findall(r"\d{4,}", page.locator("#pin-hint").inner_text())[0])  # the demo says it
        hands.press("Enter")
    expect(done).to_be_visible()
    missing = _missing_in(visit)
    print(*missing, sep="\n", end="\n" if missing else "")
    return not missing


def _missing_in(visit: Appointment) -> list[str]:
    """What was to be written and is not: nothing is counted that was not done."""
    note = SessionNote.objects.get(appointment=visit)
    kinds = sorted(note.findings.values_list("kind", flat=True))
    given = note.episode.prescriptions.filter(note=note) if note.episode else ()
    holds = {
        "signature": note.is_signed,
        "pain": (note.pain_now, note.pain_average, note.pain_worst) == (3, 4, 6),
        "findings": kinds == ["range_of_motion", "range_of_motion", "trigger_point"],
        "techniques": note.techniques.count() == 3,
        "exercise": len(given) == 1,
        "plan": PLANNED in note.plan,
    }
    return [f"not in the note: {what}" for what, is_there in holds.items() if not is_there]


def note(browser: Browser, url: str) -> bool:
    return all([by_taps(browser, url), by_keys(browser, url)])
