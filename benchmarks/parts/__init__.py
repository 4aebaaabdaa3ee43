"""What the benchmarks are made of: bills of a made-up city, a clock, the file of figures, and the comparison with OpenFisca-Core."""
