"""Drawings of the shipped exercises: one body, its poses as data, and from them SVG for pages and shapes for PDFs."""
