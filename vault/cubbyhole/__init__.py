"""The cubbyhole: a place of its own for each token."""
