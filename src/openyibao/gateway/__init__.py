"""The hospital's door 医药机构接口: the national messages in and out, described by data."""
