from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_client_search")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="media_type",
            field=models.CharField(default="application/pdf", editable=False, max_length=60),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("referral", "Referral"),
                    ("imaging", "Imaging report or picture"),
                    ("letter", "Letter"),
                    ("form", "Signed form"),
                    ("other", "Other"),
                ],
                default="other",
                max_length=60,
                verbose_name="kind",
            ),
        ),
    ]
