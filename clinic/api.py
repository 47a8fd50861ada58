"""/api/v1/: every app's view sets, and their description."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from clinic.people.access import access
from clinic.people.api import ClientViewSet
from clinic.people.permissions import Permission
from intake.api import QuestionnaireViewSet, ResponseViewSet
from scheduling.api.appointments import AppointmentViewSet
from scheduling.api.calendars import CalendarFeedViewSet, OutsideCalendarViewSet
from scheduling.api.free_times import FreeTimeViewSet
from scheduling.api.ground import (
    BreakViewSet,
    DailyLimitViewSet,
    DateHoursViewSet,
    HolidayViewSet,
    RoomClosureViewSet,
    ServiceViewSet,
    TimeOffViewSet,
    WorkingHoursViewSet,
)
from scheduling.api.places import LocationViewSet, RoomViewSet, TherapistViewSet
from scheduling.api.reports import PracticeReportViewSet
from scheduling.api.rulings import BookingRulesViewSet, HolidayCalendarViewSet
from scheduling.api.series import SeriesViewSet
from scheduling.api.waitlist import WaitlistEntryViewSet, WaitlistOfferViewSet
from treatments.api.before import SessionViewSet
from treatments.api.episodes import EpisodeViewSet, HypothesisViewSet, ScoreViewSet
from treatments.api.exercises import ExerciseViewSet, PrescriptionViewSet
from treatments.api.files import NoteFileViewSet
from treatments.api.notes import NoteViewSet
from treatments.api.thinking import GoalViewSet, ReferralViewSet
from treatments.api.writing import NoteTemplateViewSet, SnippetViewSet

router = SimpleRouter()
router.register("clients", ClientViewSet, basename="client")
router.register("appointments", AppointmentViewSet, basename="appointment")
router.register("calendar-feeds", CalendarFeedViewSet, basename="calendar-feed")
router.register("outside-calendars", OutsideCalendarViewSet, basename="outside-calendar")
router.register("free-times", FreeTimeViewSet, basename="free-time")
router.register("locations", LocationViewSet, basename="location")
router.register("rooms", RoomViewSet, basename="room")
router.register("therapists", TherapistViewSet, basename="therapist")
router.register("reports/practice", PracticeReportViewSet, basename="report-practice")
router.register("services", ServiceViewSet, basename="service")
router.register("working-hours", WorkingHoursViewSet, basename="working-hours")
router.register("breaks", BreakViewSet, basename="break")
router.register("date-hours", DateHoursViewSet, basename="date-hours")
router.register("time-off", TimeOffViewSet, basename="time-off")
router.register("room-closures", RoomClosureViewSet, basename="room-closure")
router.register("holidays", HolidayViewSet, basename="holiday")
router.register("holiday-calendars", HolidayCalendarViewSet, basename="holiday-calendar")
router.register("daily-limits", DailyLimitViewSet, basename="daily-limit")
router.register("series", SeriesViewSet, basename="series")
router.register("waitlist-entries", WaitlistEntryViewSet, basename="waitlist-entry")
router.register("waitlist-offers", WaitlistOfferViewSet, basename="waitlist-offer")
router.register("questionnaires", QuestionnaireViewSet, basename="questionnaire")
router.register("questionnaire-responses", ResponseViewSet, basename="questionnaire-response")
router.register("episodes", EpisodeViewSet, basename="episode")
router.register("hypotheses", HypothesisViewSet, basename="hypothesis")
router.register("sessions", SessionViewSet, basename="session")
router.register("goals", GoalViewSet, basename="goal")
router.register("referrals", ReferralViewSet, basename="referral")
router.register("snippets", SnippetViewSet, basename="snippet")
router.register("note-templates", NoteTemplateViewSet, basename="note-template")
router.register("scores", ScoreViewSet, basename="score")
router.register("notes", NoteViewSet, basename="note")
router.register("note-files", NoteFileViewSet, basename="note-file")
router.register("exercises", ExerciseViewSet, basename="exercise")
router.register("prescriptions", PrescriptionViewSet, basename="prescription")

_rules: Any = BookingRulesViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
_schema: Any = SpectacularAPIView.as_view(permission_classes=[])

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", access(Permission.OWN_ACCOUNT)(_schema), name="schema"),
    path("booking-rules/", _rules, name="booking-rules"),
    *router.urls,
]
