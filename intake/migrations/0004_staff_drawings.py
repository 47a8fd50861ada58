import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_forms_from_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="paindrawing",
            name="drawn_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who marked it with the client; empty when the client did in a form",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="painmark",
            name="stroke",
            field=models.JSONField(
                blank=True, help_text="Freehand lines: the view, and points in its own coordinates", null=True
            ),
        ),
    ]
