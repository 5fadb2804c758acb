"""Part I: softmax, its derivatives, and floating-point arithmetic. Knows NumPy and nothing else."""
