"""Page Aanleveren: plots from a file, a number, an address or a drawing."""
