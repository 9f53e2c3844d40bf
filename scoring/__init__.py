"""Rate candidate plots on size, facilities and integration."""
