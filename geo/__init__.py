"""Read, check, place and measure geometry of the province of Utrecht."""
