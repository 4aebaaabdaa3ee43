"""The parts of an explanation, one file for the basic layer and one for the layers after it; `kernel.explain` puts them together."""
