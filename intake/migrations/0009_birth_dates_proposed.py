from typing import Any

from django.db import migrations


def propose(apps: Any, schema_editor: Any) -> None:
    """Dates of birth that clients gave and nobody has taken over wait as proposals now."""
    Invitation, Proposal = apps.get_model("intake", "Invitation"), apps.get_model("intake", "Proposal")
    waiting = Invitation.objects.filter(claimed_born_on__isnull=False, client__born_on=None)
    Proposal.objects.bulk_create(
        Proposal(client_id=each.client_id, invitation=each, field="born_on", new=each.claimed_born_on.isoformat())
        for each in waiting
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_proposals")]

    operations = [migrations.RunPython(propose, migrations.RunPython.noop)]
