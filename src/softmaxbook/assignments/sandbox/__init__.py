"""Where a student's program runs, and the talk with it across the wall."""
