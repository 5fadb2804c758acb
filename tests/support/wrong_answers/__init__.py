"""Wrong answers that nobody registered, chapter by chapter, and words of their verdicts."""
