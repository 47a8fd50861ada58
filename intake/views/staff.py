"""What staff see of intake: answers, red flags, a client's forms."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import DomainError
from clinic.people.access import access, background
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, may
from clinic.people.record.reading import Reading
from clinic.people.zones import zone_of
from intake.answers import sections
from intake.client_record.panels import forms_beside
from intake.consent_texts import RENEWAL_FORM
from intake.forms import AcknowledgeForm
from intake.models import Questionnaire, RedFlag, Response
from intake.reads.proposals import shown
from intake.rules import Urgency
from intake.services import acknowledge_flag, invite, send_invitation


class StaffRequest(HttpRequest):
    """A request that `@access` let through."""

    user: User


AT_ONCE = (Urgency.EMERGENCY, Urgency.URGENT)


@access(Permission.VIEW_INTAKE)
@require_safe
def response_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """All answers of one form, for reading and for paper."""
    response = get_object_or_404(Response.objects.visible_to(request.user).for_review(), pk=pk)
    audit.read(request.user, response, client=response.client)
    asked = response.invitation
    location = asked.location if asked else response.client.locations.first()
    context = {
        "response": response,
        "zone": location.timezone if location else "UTC",
        "sections": sections(response, clock.now().date()),
        "marks": response.pain_drawing.marks.all() if hasattr(response, "pain_drawing") else [],
        "flags": response.red_flags.all(),
        "proposals": shown(asked.proposals.select_related("decided_by"), response.client) if asked else [],
        "may_decide": may(request.user, Permission.EDIT_CLIENTS),
    }
    return render(request, "intake/response_detail.html", context)


@access(Permission.VIEW_INTAKE_STATE)
@require_safe
def flag_list(request: StaffRequest) -> HttpResponse:
    """Open red flags first, then those acknowledged. Who may not read answers sees that there is one, how urgent."""
    flags = RedFlag.objects.visible_to(request.user).for_list().without_answers()
    sees_answers = may(request.user, Permission.VIEW_INTAKE)
    context = {
        "open_flags": flags.unacknowledged().gravest_first(),
        "settled_flags": flags.acknowledged().order_by("-acknowledged_at")[:50],
        "sees_answers": sees_answers,
    }
    if sees_answers:
        audit.record(request.user, "flag.listed")
    return render(request, "intake/flag_list.html", context)


@access(Permission.ACKNOWLEDGE_FLAG)
@require_http_methods(["GET", "HEAD", "POST"])
def flag_acknowledge(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One flag, and the form that says what was done."""
    flag = get_object_or_404(RedFlag.objects.visible_to(request.user).for_list(), pk=pk)
    form = AcknowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acknowledge_flag(flag=flag, by=request.user, action_taken=form.cleaned_data["action_taken"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Acknowledged."))
            response = redirect("intake:flag-list")
            response["HX-Trigger"] = "flags-changed"
            return response
    sees_answers = may(request.user, Permission.VIEW_INTAKE)
    if sees_answers:
        audit.read(request.user, flag, client=flag.client)
    context = {"flag": flag, "form": form, "sees_answers": sees_answers}
    return render(request, "intake/flag_acknowledge.html", context, status=422 if form.errors else 200)


@background
@access(Permission.VIEW_INTAKE_STATE)
@require_safe
def flag_banner(request: StaffRequest) -> HttpResponse:
    """How many grave flags wait, for the top of every page. Polled, so it never prolongs a session."""
    waiting = RedFlag.objects.visible_to(request.user).unacknowledged().filter(urgency__in=AT_ONCE)
    found = waiting.waiting_by_urgency()
    emergencies, since = found.get(Urgency.EMERGENCY, (0, None))
    urgent, since_urgent = found.get(Urgency.URGENT, (0, None))
    zone = zone_of(request.user) if found else None
    context = {"emergencies": emergencies, "urgent": urgent, "since": since or since_urgent, "zone": zone}
    return render(request, "intake/_flag_banner.html", context)


@access(Permission.SEND_INTAKE)
@require_POST
def client_invite(request: StaffRequest, client_id: uuid.UUID) -> HttpResponseBase:
    """Send the first-visit form, the short one, or one of the practice's own by mail: one tap."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_id)
    slug = _slug_of(request)
    purpose = "before_visit" if slug == "before-visit" else "intake"
    invitation, _token = invite(client=client, forms=[slug], by=request.user, purpose=purpose)
    if send_invitation(invitation=invitation, by=request.user):
        messages.success(request, _("The form is on its way."))
    else:
        messages.warning(request, _("There is no e-mail address to send it to, or the client wants no mail."))
    if request.headers.get("HX-Request"):
        record = Reading.of(client, request.user)
        context = {"client": client, "record": record, **forms_beside(record)}
        return render(request, "intake/_client_forms.html", context)
    return redirect("people:client-detail", client_id)


def _slug_of(request: StaffRequest) -> str:
    """The form whose button was pressed: the short one, consents alone, one of the practice's own, else the first."""
    pressed, own = request.POST.get("form", ""), request.POST.get("own", "")
    if pressed == "own":
        return str(get_object_or_404(Questionnaire.objects.the_practices_own(), slug=own.replace("\0", "")).slug)
    return pressed if pressed in {"before-visit", RENEWAL_FORM} else "first-visit"
