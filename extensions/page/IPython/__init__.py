"""Stands in for IPython on a page, where cells import a little of `IPython.display`."""
