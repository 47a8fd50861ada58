"""The demo practice: fictional people, plausible courses, every date relative to today."""
