-- breaks.parquet: amounts as exact decimals.
COPY (FROM listed_break) TO (getvariable('breaks_path')) (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)
