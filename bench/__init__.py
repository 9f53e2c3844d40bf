"""Measurements as ratios against named alternatives in the same run."""
