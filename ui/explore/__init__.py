"""Page Verkennen: map, list and score sheet of candidate plots."""
