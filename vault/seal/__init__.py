"""How the barrier is opened: shares of its root key, and what is done with them."""
