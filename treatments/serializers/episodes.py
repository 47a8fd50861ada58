import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from clinic.core import clock
from clinic.people.models import Client, Location
from intake.models import Condition
from scheduling.serializers.scoped import named
from treatments.models import Episode, Hypothesis, SessionNote
from treatments.outcomes.models import Score
from treatments.serializers.strict import Strict, whole, words

EARLIEST = dt.date(1900, 1, 1)


class EpisodeSerializer(serializers.ModelSerializer[Episode]):
    """Visits for one condition and side."""

    class Meta:
        model = Episode
        fields = [
            *("id", "client", "location", "therapist", "condition", "side", "onset_on", "mechanism", "goals"),
            *("planned_sessions", "reassess_at_session", "icd10cm_code", "opened_at", "closed_at", "close_reason"),
        ]
        read_only_fields = fields


class OpenEpisodeSerializer(Strict):
    within = {"client": Client, "condition": Condition, "location": Location}

    client = named(Client, required=True)
    condition = named(Condition, required=True)
    location = named(Location, required=True)
    side = serializers.ChoiceField(choices=Episode.Side.choices)
    onset_on = serializers.DateField(required=False, allow_null=True)
    mechanism = words(200)
    goals = words(5000)
    planned_sessions = whole(1, 99)
    reassess_at_session = whole(1, 99)
    icd10cm_code = words(8)

    def validate_client(self, client: Client) -> Client:
        if client.archived_at:
            raise serializers.ValidationError(_("This client is archived."))
        return client

    def validate_location(self, location: Location) -> Location:
        if not location.is_active:
            raise serializers.ValidationError(_("This location is closed."))
        return location

    def validate_condition(self, condition: Condition) -> Condition:
        return _current(condition)

    def validate_onset_on(self, day: dt.date | None) -> dt.date | None:
        if day and not EARLIEST <= day <= clock.now().date() + dt.timedelta(days=1):
            raise serializers.ValidationError(_("It cannot have begun then."))
        return day


class ChangeEpisodeSerializer(OpenEpisodeSerializer):
    """What is known of an open episode; what is left out stays. Whose it is and where it began stays as well."""

    within = {"condition": Condition}

    client = None
    location = None
    condition = named(Condition)
    side = serializers.ChoiceField(choices=Episode.Side.choices, required=False)

    def validate_condition(self, condition: Condition) -> Condition:
        return condition  # a retired one stays what it is; another is the service's to refuse


class CloseSerializer(Strict):
    reason = serializers.ChoiceField(choices=Episode.CloseReason.choices)


class HypothesisSerializer(serializers.ModelSerializer[Hypothesis]):
    """How sure the therapist was of a working hypothesis at one instant."""

    class Meta:
        model = Hypothesis
        fields = ["id", "episode", "note", "condition", "confidence_percent", "reason", "stated_at", "stated_by"]
        read_only_fields = fields


class StateHypothesisSerializer(Strict):
    within = {"episode": Episode, "condition": Condition, "note": SessionNote}

    episode = named(Episode, required=True)
    condition = named(Condition, required=True)
    confidence_percent = serializers.IntegerField(min_value=0, max_value=100)
    reason = words(200)
    note = named(SessionNote, help_text=gettext_lazy("The draft it is stated in; signed with it"))

    def validate_condition(self, condition: Condition) -> Condition:
        return _current(condition)


def _current(condition: Condition) -> Condition:
    """Raises ValidationError for one that is retired."""
    if condition.retired_at:
        raise serializers.ValidationError(_("This condition is retired. Choose another."))
    return condition


class ScoreSerializer(serializers.ModelSerializer[Score]):
    """One value of one measure at one instant, from a note or from a form."""

    measure = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Score
        fields = ["id", "episode", "measure", "value", "recorded_at", "note", "response"]
        read_only_fields = fields


class EmptySerializer(Strict):
    """A call that says all by its address."""
