"""Tests in a real browser: a package, so that server and browser end with the last of them."""
