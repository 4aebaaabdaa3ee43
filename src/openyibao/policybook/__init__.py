"""The policy book 政策册: YAML policies, read, checked, compared and frozen into plans for the kernel."""
