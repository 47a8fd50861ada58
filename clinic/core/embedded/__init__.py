"""Real servers for a machine that has none: PostgreSQL, Valkey and a mailbox, started and watched by us."""
