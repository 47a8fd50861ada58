from typing import Any

from django.db import migrations

NAME = "To a physician"
BODY = """{date}

Dear {to},

{client}, born {born}, has been treated here for {condition} ({code}). {visits}

How it began: {onset}

Why I write: {reason} ({urgency})

Red flags: {flags}

Findings of the last session: {findings}

Scores: {scores}

Working hypotheses: {hypotheses}

I would be glad of your opinion, and of a word on what you find.

{therapist}
{clinic}, {place}"""


def add(apps: Any, schema_editor: Any) -> None:
    apps.get_model("treatments", "LetterTemplate").objects.get_or_create(name=NAME, defaults={"body": BODY})


class Migration(migrations.Migration):
    dependencies = [("treatments", "0005_order_of_exercises")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
