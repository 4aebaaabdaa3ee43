"""Reading tables from files 数据导入: every bad row is set aside with its reason, the rest goes on. Files and columns; no tables."""
