"""Who may do what: path policies and Cedar policies, and one verdict for both."""
