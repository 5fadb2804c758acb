"""Questions about numbers and choices as the quizzes of other systems import them."""
