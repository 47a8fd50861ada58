"""Rules of treatment: pure functions, the clock passed in."""
