"""Settings: how bookings are taken."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission
from scheduling.forms.ruling import BookingRulesForm
from scheduling.models import BookingRules
from scheduling.services import save_booking_rules
from scheduling.views.parsing import StaffRequest


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def booking_rules(request: StaffRequest) -> HttpResponse:
    """The step of times, online booking, the waitlist."""
    initial = BookingRulesForm.initial_of(BookingRules.current())
    form = BookingRulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_booking_rules(by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error("embedded_at" if error.code in {"not-an-origin", "too-many-sites"} else None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("scheduling:booking-rules")
    context = {"form": form, "page_url": f"{settings.BASE_URL}{reverse('scheduling:book-online')}"}
    return render(request, "scheduling/booking_rules.html", context, status=422 if form.errors else 200)
