"""The demo's clients, some with alerts."""

import datetime as dt
import random

from clinic.demo import names
from clinic.demo.diary import draw_uuid
from clinic.people.models import Alert, Client, Location

ALERTS = (
    ("Takes a blood thinner", Alert.Kind.CONTRAINDICATION, Alert.Effect.MODIFY, "ci-anticoagulant"),
    ("Osteoporosis", Alert.Kind.CONTRAINDICATION, Alert.Effect.MODIFY, "ci-osteoporosis"),
    ("Pregnant", Alert.Kind.PRECAUTION, Alert.Effect.MODIFY, "ci-pregnancy"),
    ("Latex allergy", Alert.Kind.ALLERGY, Alert.Effect.NONE, ""),
    ("Hip replaced on the right", Alert.Kind.PRECAUTION, Alert.Effect.MODIFY, ""),
    ("Skin infection on the left shin", Alert.Kind.CONTRAINDICATION, Alert.Effect.LOCAL_AVOID, "ci-skin-infection"),
)


def write(*, homes: list[Location], today: dt.date, first_number: int, chance: random.Random) -> list[Client]:
    """One client for each entry of `homes`, numbered from `first_number` on."""
    people = [_draw(number, today, chance) for number in range(first_number, first_number + len(homes))]
    Client.objects.bulk_create(people, batch_size=500)
    through = Client.locations.through
    through.objects.bulk_create(
        through(client_id=person.pk, location_id=home.pk) for person, home in zip(people, homes, strict=True)
    )
    Alert.objects.bulk_create(
        Alert(id=draw_uuid(chance), client=person, label=label, kind=kind, effect=effect, source="demo")
        for person in chance.sample(people, len(people) // 7)
        for label, kind, effect, _code in [chance.choice(ALERTS)]
    )
    return people


def _draw(number: int, today: dt.date, chance: random.Random) -> Client:
    given, family = chance.choice(names.GIVEN), chance.choice(names.FAMILY)
    return Client(
        id=draw_uuid(chance),
        number=number,
        given_name=given,
        family_name=family,
        preferred_name=given[:3] if chance.random() < 0.04 and len(given) > 5 else "",
        pronouns=chance.choice(("", "", "", "she/her", "he/him", "they/them")),
        born_on=today - dt.timedelta(days=round(chance.triangular(18, 88, 52) * 365.25)),
        email=names.mailbox(given, family, number) if chance.random() < 0.96 else "",
        phone=names.phone(number),
        address=f"{chance.randint(1, 180)} {chance.choice(names.STREETS)}",
        emergency_contact_name=f"{chance.choice(names.GIVEN)} {family}",
        emergency_contact_phone=names.phone(number + 5_000),
        referrer=chance.choice(("", "", "Dr Anil Mehta", "Dr Ruth Feld", "Dr Ruth Feld", "Harbour Physiotherapy")),
    )
