"""The vault that `up --vault` looks after: its configuration, its process, and how it stands."""
