"""The page Vergelijken."""
