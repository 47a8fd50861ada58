"""What pages show, gathered with a number of queries that does not grow."""
