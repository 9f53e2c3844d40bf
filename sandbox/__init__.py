"""Open what a user gives in a process of its own, bounded and locked in."""
