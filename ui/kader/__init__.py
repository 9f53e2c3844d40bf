"""The page Kader."""
