"""What pages show of intake, read in few queries."""
