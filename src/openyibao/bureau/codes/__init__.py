"""The codes desk 编码: catalogues and the code sets with their versions, institutions' mappings, price ceilings, first self-pay."""
