"""One file per layer of benefit; `cascade.settle` hands a bill from each layer to the next."""
