"""Part III: relatives of softmax, choices, language, attention, and softmax across machines."""
