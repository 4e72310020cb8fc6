"""What is wrong, or not as it should be, in a named graph: findings with stable codes."""
