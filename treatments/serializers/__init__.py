"""Shapes of treatment under /api/v1/. They convert and check shape only; services do the work."""
