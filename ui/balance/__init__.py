"""Page Balans: tasks of municipalities, and the provincial puzzle."""
