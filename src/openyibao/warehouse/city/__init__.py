"""A synthetic city 合成城市: invented people, institutions, visits and charge lines, settled by the law; nothing here is anybody's data."""
