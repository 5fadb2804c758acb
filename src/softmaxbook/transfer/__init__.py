"""Part IV: a pretrained body, new heads, fine-tuning, and what is measured about them (PyTorch)."""
