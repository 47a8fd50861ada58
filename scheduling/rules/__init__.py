"""What is always true of time and appointments: pure functions, the clock passed in."""
