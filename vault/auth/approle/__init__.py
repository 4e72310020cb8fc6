"""AppRole: a machine logs in with the id of its role and a secret id."""
