"""The experiments of theory.md section 8, one file a part. CELLS: id -> (repeats, function of repeats giving numbers)."""
