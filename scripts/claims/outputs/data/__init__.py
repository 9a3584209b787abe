"""The tables and views for programs: CSV, workbook, database, Parquet, map, network, calendar."""
