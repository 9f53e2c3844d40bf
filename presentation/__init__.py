"""Say words, numbers, units, days and colours the same way on the screen and in every file."""
