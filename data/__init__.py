"""Packaged facts with their provenance."""
