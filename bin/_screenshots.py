"""Every page of a running demo as a picture: each role, wide and phone, light and dark. Fails on browser complaints."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from _chromium import chromium
from _steps import SetupError
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
ARGUMENTS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
SETTLE_MILLISECONDS = 350
CLIENT = "main table a[href^='/clients/']"
APPOINTMENT = "main a[href^='/appointments/']:not([href*='/new/'])"


def first_link(start: str, selector: str, then: str = "", old: str = "", new: str = "") -> Callable[[Page], str]:
    """Finds a page that has no fixed address: the first matching link on `start`, with `then` behind it."""

    def find(page: Page) -> str:
        page.goto(start)
        link = page.locator(selector).first
        link.wait_for(state="attached", timeout=5000)
        return str(link.get_attribute("href")).replace(old, new, 1) + then

    return find


def mailed_link(prefix: str) -> Callable[[Page], str]:
    """Finds a client's page that only a mail leads to: the newest mail with such a link, of the first twenty."""

    def find(page: Page) -> str:
        page.goto("/mailbox/")
        mails = [str(mail.get_attribute("href")) for mail in page.locator(".mails a").all()[:20]]
        for mail in mails:
            page.goto(mail)
            links = page.locator(f"article a[href*='/{prefix}/']")
            if links.count():
                return "/" + str(links.first.get_attribute("href")).split("/", 3)[3]
        raise SetupError(f"No mail with a link to /{prefix}/ yet: wait until the worker has sent some.")

    return find


# (who, name of the picture, address or how to find it); "" is nobody signed in.
PAGES: tuple[tuple[str, str, str | Callable[[Page], str]], ...] = (
    ("", "sign-in", "/accounts/login/"),
    ("", "password-reset", "/accounts/password/reset/"),
    ("", "not-found", "/nowhere/"),
    ("", "styleguide", "/styleguide/"),
    ("front_desk", "day", "/calendar/"),
    ("front_desk", "appointment", first_link("/calendar/", APPOINTMENT)),
    ("front_desk", "clients", "/clients/"),
    ("front_desk", "client", first_link("/clients/", CLIENT)),
    ("front_desk", "client-new", "/clients/new/"),
    ("front_desk", "client-edit", first_link("/clients/", CLIENT, "edit/")),
    ("front_desk", "booking", "/appointments/new/"),
    ("front_desk", "messages", "/messages/"),
    ("front_desk", "wordings", "/messages/wordings/"),
    ("front_desk", "mailbox", "/mailbox/"),
    ("front_desk", "red-flags", "/intake/flags/"),
    ("front_desk", "day-rooms", "/calendar/?columns=rooms"),
    ("front_desk", "week", "/calendar/?columns=week"),
    ("front_desk", "form-by-mail", mailed_link("i")),
    ("therapist", "day-therapist", "/calendar/"),
    ("therapist", "before", first_link("/calendar/", APPOINTMENT, "before/", "/appointments/", "/sessions/")),
    ("therapist", "notes", "/notes/"),
    ("therapist", "note", first_link("/notes/", "main a[href^='/notes/']")),
    ("therapist", "client-therapist", first_link("/clients/", CLIENT)),
    ("therapist", "outcomes", "/outcomes/"),
    ("therapist", "account", "/account/"),
    ("owner", "outcomes-owner", "/outcomes/"),
    ("owner", "outcome", first_link("/outcomes/", "main table a[href^='/outcomes/']")),
    ("owner", "practice", "/practice/"),
    ("owner", "settings", "/settings/"),
    ("owner", "settings-practice", "/settings/practice/"),
    ("owner", "locations", "/settings/locations/"),
    ("owner", "rooms", "/settings/rooms/"),
    ("owner", "staff", "/settings/staff/"),
    ("owner", "services", "/settings/services/"),
    ("owner", "hours", "/settings/hours/"),
    ("owner", "time-off", "/settings/time-off/"),
    ("owner", "forms", "/settings/forms/"),
    ("owner", "audit", "/audit/"),
    ("owner", "not-found-staff", "/nowhere/"),
)


@dataclass
class Report:
    """What the browser complained about, page by page."""

    complaints: list[str] = field(default_factory=list)
    taken: int = 0

    def watch(self, page: Page, name: str, expected: int) -> None:
        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and "status of" not in message.text:
                self.complaints.append(f"{name}: {message.type}: {message.text}")

        def response(answer: Response) -> None:
            if answer.status >= 400 and not (answer.status == expected and answer.request.is_navigation_request()):
                self.complaints.append(f"{name}: {answer.status} {answer.url}")

        page.on("console", console)
        page.on("response", response)
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        page.on("requestfailed", lambda request: self.complaints.append(f"{name}: failed {request.url}"))


def sign_in(page: Page, role: str) -> None:
    """One tap, as the demo offers it."""
    page.goto("/accounts/login/")
    page.locator(f"form[action='/demo/sign-in/'] [value='{role}']").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def addresses(browser: Browser, base: str, wanted: list[str]) -> Iterator[tuple[str, str, str]]:
    """Who, name and address of each page to take. Raises Error when a page cannot be found."""
    for role in dict.fromkeys(role for role, _name, _where in PAGES):
        context = browser.new_context(base_url=base)
        page = context.new_page()
        if role:
            sign_in(page, role)
        for owner, name, where in PAGES:
            if owner != role or (wanted and name not in wanted and where not in wanted):
                continue
            yield role, name, where if isinstance(where, str) else where(page)
        context.close()


def shoot(browser: Browser, base: str, out: Path, pages: list[tuple[str, str, str]], report: Report) -> None:
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            for role in dict.fromkeys(role for role, _name, _path in pages):
                context = browser.new_context(
                    base_url=base,
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                    has_touch=size == "phone",
                    is_mobile=size == "phone",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                if role:
                    sign_in(page, role)
                for _owner, name, path in (each for each in pages if each[0] == role):
                    take(context.new_page(), name, path, out / f"{name}-{size}-{theme}.png", report)
                context.close()


def take(page: Page, name: str, path: str, target: Path, report: Report) -> None:
    report.watch(page, target.stem, expected=404 if name.startswith("not-found") else 200)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        report.complaints.append(f"{target.stem}: wider than its window")
    page.screenshot(path=target, full_page=True)
    page.close()
    report.taken += 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("var/screenshots"), help="folder for the pictures")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="address of the running demo")
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="only these names or addresses")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    report = Report()
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *sandbox])
        base = urljoin(options.base, "/")
        shoot(browser, base, options.out, list(addresses(browser, base, options.paths)), report)
        browser.close()
    print(f"{report.taken} pictures in {options.out}")
    for complaint in dict.fromkeys(report.complaints):
        print(complaint, file=sys.stderr)
    return 1 if report.complaints or not report.taken else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Error, SetupError) as error:
        sys.exit(f"bin/screenshots: {error}")
