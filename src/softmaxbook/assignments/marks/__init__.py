"""Who decides on points: outside of the sandbox; their records, and when a mark no longer holds."""
