"""Pages, map and chart components of the dashboard."""
