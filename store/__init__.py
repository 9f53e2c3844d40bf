"""Keep plots, deliveries and decisions, and guard who may see them."""
