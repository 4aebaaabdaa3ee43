"""The public's own pages 公共服务: one's own record, bills, claims, and who looked."""
