"""Search by words, by meaning and by both: what is asked, what is found, and the stores that can answer."""
