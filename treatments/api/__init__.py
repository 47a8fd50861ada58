"""Treatment under /api/v1/: one module for each kind of thing, all on the services that the pages use."""
