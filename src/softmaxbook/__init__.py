"""The code of the interactive textbook about softmax."""
