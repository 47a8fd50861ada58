from rest_framework import serializers

from scheduling.serializers.scoped import named
from treatments.models import Episode, Goal, GoalRating, Referral, SessionNote
from treatments.serializers.strict import Strict, Text, whole, words
from treatments.services.referrals import LONGEST_LETTER


class RatingSerializer(serializers.ModelSerializer[GoalRating]):
    class Meta:
        model = GoalRating
        fields = ["rating", "rated_at", "note"]
        read_only_fields = fields


class GoalSerializer(serializers.ModelSerializer[Goal]):
    """An activity of the client's own, with what it was rated, 0 unable to 10 as before, oldest first."""

    ratings = RatingSerializer(many=True, read_only=True)

    class Meta:
        model = Goal
        fields = ["id", "episode", "activity", "target_rating", "position", "dropped_at", "ratings"]
        read_only_fields = fields


class NewGoalSerializer(Strict):
    within = {"episode": Episode}

    episode = named(Episode, required=True)
    activity = Text(max_length=120)
    target_rating = whole(0, 10)


class AimSerializer(Strict):
    target_rating = whole(0, 10, required=True)


class ReferralSerializer(serializers.ModelSerializer[Referral]):
    """A letter to a physician, as it was written."""

    class Meta:
        model = Referral
        fields = ["id", "episode", "note", "to_name", "to_address", "urgency", "body", "written_by", "written_at"]
        read_only_fields = fields


class WriteReferralSerializer(Strict):
    within = {"episode": Episode, "note": SessionNote}

    episode = named(Episode, required=True)
    note = named(SessionNote)
    to_name = Text(max_length=120)
    to_address = words(400)
    urgency = serializers.ChoiceField(choices=Referral.Urgency.choices, default="routine")
    body = words(LONGEST_LETTER, required=True, allow_blank=False)
