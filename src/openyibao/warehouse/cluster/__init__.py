"""More than one machine 集群: the same bucket task under Dask or Spark. Tasks travel, rows never do."""
