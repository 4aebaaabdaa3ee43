"""The public's own pages 公共服务: my cover, my bills in plain words, my claims, who looked at me, and "this is wrong"."""
