"""One database with every migration applied, for each process of tests to copy: migrating takes ten times as long.

`python -m tests.template make` writes it anew, `python -m tests.template drop` removes it; TEST_TEMPLATE is its name.
"""

import os
import sys

import django
from django.db import connection


def main(command: str) -> None:
    """Raises KeyError when TEST_TEMPLATE is not set."""
    name = os.environ.pop("TEST_TEMPLATE")
    django.setup()
    connection.settings_dict["TEST"]["NAME"] = name
    if command == "make":
        connection.creation.create_test_db(autoclobber=True, serialize=False)
    else:
        connection.settings_dict["NAME"] = name
        connection.creation.destroy_test_db(name)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    main(sys.argv[1])
