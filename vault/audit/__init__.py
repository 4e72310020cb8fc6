"""The audit: every request and answer in devices that show when they were tampered with."""
