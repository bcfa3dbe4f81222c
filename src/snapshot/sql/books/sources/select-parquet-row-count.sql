-- How many rows one Parquet file says that it has.
SELECT num_rows AS row_count FROM parquet_file_metadata({{files}})
