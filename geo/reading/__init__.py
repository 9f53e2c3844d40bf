"""Read files with candidate plots, in any form that a municipality has them in."""
