"""What a log line leaves out: whoever holds a client's link holds their form."""

import logging
import re

# The secret of a link, wherever it stands: as an address, or as an argument of a refusal.
SECRET = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")


class WithoutLinks(logging.Filter):
    """Writes `…` in the place of a link's secret; lets every line pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub("…", said), ()
        return True
