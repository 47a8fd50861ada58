import uuid

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import intake.fhir.exact


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_knowledge_and_flags"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ValueSet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("url", models.CharField(max_length=255)),
                ("version", models.CharField(blank=True, max_length=60)),
                (
                    "definition",
                    models.JSONField(decoder=intake.fhir.exact.ExactDecoder, encoder=intake.fhir.exact.ExactEncoder),
                ),
            ],
            options={
                "verbose_name": "list of answers",
                "ordering": ["url", "version"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="questionnaire",
            name="published_is_frozen",
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="origin",
            field=models.CharField(
                choices=[("ready", "Came with the product"), ("editor", "Written here"), ("import", "From a file")],
                default="ready",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="report",
            field=models.JSONField(blank=True, default=list, help_text="What was found when the file was read"),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="questionnaire",
            name="source_text",
            field=models.TextField(blank=True, help_text="The file as it came in, byte for byte"),
        ),
        migrations.AlterField(
            model_name="questionnaire",
            name="definition",
            field=models.JSONField(
                decoder=intake.fhir.exact.ExactDecoder,
                encoder=intake.fhir.exact.ExactEncoder,
                verbose_name="definition",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="answers",
            field=models.JSONField(
                decoder=intake.fhir.exact.ExactDecoder, default=dict, encoder=intake.fhir.exact.ExactEncoder
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="source",
            field=models.CharField(
                choices=[("link", "By link"), ("kiosk", "At the desk"), ("staff", "By staff"), ("file", "From a file")],
                default="link",
                max_length=5,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="questionnaire",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"status\" = 'draft'))",
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "definition", "source_text", "slug", "version", "language" rows from % table\', TG_TABLE_NAME;',
                    hash="bd8338396c0fb64ef064a219ec944e58ef5462b0",
                    operation='UPDATE OF "definition", "source_text", "slug", "version", "language"',
                    pgid="pgtrigger_published_is_frozen_f954f",
                    table="intake_questionnaire",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="valueset",
            constraint=models.UniqueConstraint(fields=("url", "version"), name="value_set_version_is_unique"),
        ),
    ]
