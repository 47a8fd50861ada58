from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_documents")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
