"""Questions over the years 年度查询: one small module over DuckDB, and the reviewed questions as SQL files."""
