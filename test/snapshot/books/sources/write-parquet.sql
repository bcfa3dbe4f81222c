-- Writes a query as a Parquet file.
COPY ({{query}}) TO {{path}} (FORMAT parquet)
