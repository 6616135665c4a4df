"""One file per row, or group of rows, of the table; each has rows(bench)."""
