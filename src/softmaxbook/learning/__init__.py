"""Part II: losses, regression, networks on digits, calibration, and the data to learn from."""
