"""What a class and its students are told: feedback, report, discrimination of the questions."""
