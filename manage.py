#!/usr/bin/env python
"""Django's command line; beside a running `bin/serve`, that of its clinic."""

import os
import sys

from django.core.management import execute_from_command_line

from clinic.core.embedded import running

if __name__ == "__main__":
    os.environ.update(running.settings_of(os.environ))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    execute_from_command_line(sys.argv)
